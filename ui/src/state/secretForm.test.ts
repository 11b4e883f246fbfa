import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { SecretInspection } from '../bindings';
import type { Host } from './host';
import { INSPECT_AFTER, SecretForm } from './secretForm.svelte';

interface Asked {
  name: string;
  args: unknown;
  answer: (result: unknown) => void;
  refuse: (error: unknown) => void;
}

let asked: Asked[];
let form: SecretForm;

const inspection = (decodes_to: string, suggestion: string | null = null): SecretInspection => ({
  decodes_to,
  findings: [],
  decoded_by: [],
  suggestion,
});
const settle = (): Promise<void> => vi.advanceTimersByTimeAsync(0).then(() => undefined);
const pause = (): Promise<void> => vi.advanceTimersByTimeAsync(INSPECT_AFTER).then(() => undefined);

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  const host = {
    call: (name: string, args: unknown) =>
      new Promise((answer, refuse) => {
        asked.push({ name, args, answer, refuse });
      }),
    onEvents: () => Promise.resolve(() => undefined),
  } as unknown as Host;
  form = new SecretForm(host);
});

describe('inspection', () => {
  it('waits for a pause and asks once for what stands there', async () => {
    form.open('pollo');
    form.type('a');
    form.type('ab');
    await vi.advanceTimersByTimeAsync(INSPECT_AFTER - 1);
    expect(asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked.map(({ name, args }) => [name, args])).toEqual([
      ['secret_inspect', { provider: 'pollo', value: 'ab' }],
    ]);
  });

  it('drops the answer for an older value', async () => {
    form.open('pollo');
    form.type('old');
    await pause();
    form.type('new');
    await pause();
    asked[1]?.answer(inspection('new'));
    asked[0]?.answer(inspection('old'));
    await settle();
    expect(form.inspection?.decodes_to).toBe('new');
  });

  it('shows nothing of the value before while the new one is not looked at', async () => {
    form.open('pollo');
    form.type('a');
    await pause();
    asked[0]?.answer(inspection('1 byte'));
    await settle();
    form.type('ab');
    expect(form.inspection).toBe(null);
  });

  it('an answer after closing changes nothing', async () => {
    form.open('pollo');
    form.type('a');
    await pause();
    form.close();
    asked[0]?.answer(inspection('1 byte'));
    await settle();
    expect(form.inspection).toBe(null);
  });

  it('takes the mended value that is offered', async () => {
    form.open('pollo');
    form.type(' a ');
    await pause();
    asked[0]?.answer(inspection('1 byte', 'a'));
    await settle();
    form.mend();
    expect(form.value).toBe('a');
  });
});

describe('saving', () => {
  it('closing forgets name and value', () => {
    form.open('pollo', 'staging');
    form.type('c2VjcmV0');
    form.close();
    expect([form.provider, form.replaces, form.name, form.value]).toEqual([null, null, '', '']);
  });

  it.each([
    ['a new one needs a value', null, 'a', '', false],
    ['a new one needs a name', null, '  ', 'v', false],
    ['a new one with both', null, 'a', 'v', true],
    ['an edited one can be renamed alone', 'old', 'a', '', true],
  ])('%s', (_name, replaces, name, value, ready) => {
    form.open('pollo', replaces);
    form.name = name;
    form.value = value;
    expect(form.ready).toBe(ready);
  });

  it('renaming sends no value', async () => {
    form.open('pollo', 'old');
    form.name = ' new ';
    const saved = form.save();
    expect(asked[0]?.args).toEqual({ provider: 'pollo', name: 'new', value: null, replaces: 'old' });
    asked[0]?.answer(null);
    expect(await saved).toBe(true);
    expect(form.provider).toBe(null);
  });

  it('what was refused stays with the reason', async () => {
    form.open('pollo');
    form.name = 'a';
    form.type('v');
    const saved = form.save();
    asked[0]?.refuse({ code: 'bad_input', message: 'There is one of that name.', detail: null });
    expect(await saved).toBe(false);
    expect([form.value, form.error?.message, form.saving]).toEqual(['v', 'There is one of that name.', false]);
  });
});
