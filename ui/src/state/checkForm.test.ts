import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CheckRequest } from '../bindings';
import { CheckForm, fieldsOf, PLAN_AFTER, requestOf, timeoutOf } from './checkForm.svelte';
import { emptyRequest } from './checkWords';
import { filled } from './namedValues';
import type { Host } from './host';

const full: CheckRequest = {
  provider: 'pollo',
  endpoint: '{{endpoint}}/hooks',
  event: 'task.succeed',
  secrets: ['old', 'new'],
  ids: ['a', 'b'],
  state: { kind: 'command', command: 'cat count' },
  timeout_ms: 2500,
  any_certificate: true,
  only: [],
  yes: false,
};

describe('the request', () => {
  it.each([
    ['everything', full],
    ['nothing', emptyRequest()],
    ['a URL for the state', { ...full, state: { kind: 'url', url: 'http://x/' } } satisfies CheckRequest],
  ])('with %s fills the form and comes out of it the same', (_name, request) => {
    expect(requestOf(fieldsOf(request))).toEqual(request);
  });

  it('has no state where its field is empty, and its ids one by one', () => {
    const fields = {
      ...fieldsOf(full),
      state: 'url' as const,
      stateUrl: ' ',
      ids: ' a,b\nc ',
      endpoint: ' http://x/ ',
    };
    expect(requestOf(fields)).toMatchObject({ state: null, ids: ['a', 'b', 'c'], endpoint: 'http://x/' });
  });

  it.each([
    ['', null],
    ['2.5', 2500],
    ['0,5', 500],
    ['soon', 'Between 0.1 and 600 seconds.'],
    ['0', 'Between 0.1 and 600 seconds.'],
  ])('a time of “%s” is %s', (text, expected) => {
    const timeout = timeoutOf(text);
    expect(timeout instanceof Error ? timeout.message : timeout).toBe(expected);
  });
});

it.each([
  ['{{endpoint}}/hooks', 'http://localhost:3000/hooks'],
  ['{{ endpoint }}?a={{b}}', 'http://localhost:3000?a={{b}}'],
  ['http://x/', 'http://x/'],
])('named values are filled into %s', (text, expected) => {
  expect(filled(text, [{ name: 'endpoint', value: 'http://localhost:3000' }])).toBe(expected);
});

describe('the plan', () => {
  let asked: CheckRequest[];
  let hold: (() => void)[];
  let problem: string | null;
  let form: CheckForm;

  beforeEach(() => {
    vi.useFakeTimers();
    asked = [];
    hold = [];
    problem = null;
    const call = async (_name: string, { request }: { request: CheckRequest }): Promise<unknown> => {
      asked.push(request);
      await new Promise<void>((resolve) => hold.push(resolve));
      return { endpoint: request.endpoint, problem };
    };
    form = new CheckForm({ call: call as unknown as Host['call'], onEvents: async () => () => undefined });
  });
  afterEach(() => vi.useRealTimers());
  const answer = async (at: number) => {
    hold[at]?.();
    await vi.advanceTimersByTimeAsync(0);
  };

  it('is asked for once after typing, and an older answer is dropped', async () => {
    form.begin('pollo');
    await vi.advanceTimersByTimeAsync(0);
    form.edit({ endpoint: 'http://a' });
    form.edit({ endpoint: 'http://ab' });
    expect([asked.length, form.planning]).toEqual([1, true]);
    await vi.advanceTimersByTimeAsync(PLAN_AFTER);
    expect(asked.map(({ endpoint }) => endpoint)).toEqual(['', 'http://ab']);
    await answer(0);
    expect([form.plan, form.ready]).toEqual([null, false]);
    await answer(1);
    expect([form.plan?.endpoint, form.planning, form.ready]).toEqual(['http://ab', false, true]);
  });

  it('with a problem does not start, nor does a time that is none', async () => {
    problem = 'No secret is stored.';
    form.begin('pollo');
    form.edit({ endpoint: 'http://a' });
    await vi.advanceTimersByTimeAsync(PLAN_AFTER);
    await answer(0);
    expect(form.ready).toBe(false);
    problem = null;
    form.edit({ timeout: 'soon' });
    await vi.advanceTimersByTimeAsync(PLAN_AFTER);
    await answer(1);
    expect([form.plan?.problem, form.ready]).toEqual([null, false]);
  });

  it('another provider has other events and secrets', () => {
    form.begin('pollo');
    form.edit({ event: 'task.succeed', secrets: ['old'] });
    form.edit({ provider: 'videopilot' });
    expect(form.fields).toMatchObject({ provider: 'videopilot', event: null, secrets: [] });
  });
});
