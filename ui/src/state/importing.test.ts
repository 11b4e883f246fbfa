import { beforeEach, describe, expect, it } from 'vitest';
import type { CommandError, Commands, EngineEvent, ImportItem, ImportPreview, ImportState } from '../bindings';
import type { FileDrop } from '../host';
import type { Host } from './host';
import { Importing } from './importing.svelte';

const item = (change: Partial<ImportItem> = {}): ImportItem => ({
  file: '/f/a.har',
  item: 1,
  line: 2,
  title: 'POST /pollo',
  outcome: 'ready',
  delivery: null,
  reason: null,
  received_at: null,
  provider: null,
  event_type: null,
  method: 'POST',
  path: '/pollo',
  body_len: 12,
  notes: [],
  ...change,
});
const preview = (change: Partial<ImportPreview> = {}): ImportPreview => ({
  files_total: 1,
  files: [{ file: '/f/a.har', format: 'har', label: 'HAR 1.2', deliveries: 1, faults: 0 }],
  ready: 1,
  duplicates: 0,
  failed: 0,
  passed_over: 0,
  partial: false,
  unrecognised: 0,
  items: [item()],
  notes: [],
  ...change,
});
const state = (change: Partial<ImportState> = {}): ImportState => ({
  files_total: 1,
  files_done: 0,
  file: null,
  imported: 0,
  duplicates: 0,
  failed: 0,
  passed_over: 0,
  running: true,
  cancelled: false,
  problem: null,
  outcome: '',
  started_at: 'first',
  ...change,
});
const told = (change: Partial<ImportState>): EngineEvent => ({ type: 'import', ...state(change) });
const turn = () => new Promise((resolve) => setImmediate(resolve));

let asked: [string, Record<string, unknown>][];
let answers: Partial<Record<keyof Commands, (args: never) => unknown>>;
let said: string[];
let reported: CommandError[];
let drop: (drop: FileDrop) => void;
let chosen: string[];
let importing: Importing;
const names = () => asked.map(([name]) => name);
const previewed = () => asked.filter(([name]) => name === 'import_preview').at(-1)?.[1]['request'];

beforeEach(async () => {
  asked = [];
  answers = { import_preview: () => preview(), import_items: () => ({ total: 0, items: [] }) };
  said = [];
  reported = [];
  chosen = [];
  const call = async (name: keyof Commands, args: never): Promise<unknown> => {
    asked.push([name, args]);
    return answers[name]?.(args) ?? null;
  };
  const host: Host = { call: call as unknown as Host['call'], onEvents: async () => () => undefined };
  importing = new Importing(host, {
    report: (error) => reported.push(error),
    say: (words) => said.push(words),
    chooseFiles: async () => chosen,
    chooseFolder: async () => chosen[0] ?? null,
    onFileDrop: async (tell) => {
      drop = tell;
      return () => undefined;
    },
  });
  await importing.listen();
});

describe('sources', () => {
  it('are looked into as they are shown, and nothing is written', async () => {
    importing.ask();
    chosen = ['/f/a.har', '/f/b.har', '/f/a.har'];
    await importing.chooseFiles();
    importing.setText('curl http://h/');
    importing.setProvider('pollo');
    importing.remove('/f/b.har');
    await turn();
    expect(previewed()).toEqual({
      inputs: [
        { kind: 'paths', paths: ['/f/a.har'] },
        { kind: 'text', text: 'curl http://h/' },
      ],
      provider: 'pollo',
    });
    expect(new Set(names())).toEqual(new Set(['import_preview']));
    expect([importing.canStart, importing.looking]).toEqual([true, false]);
  });

  it('an answer to earlier ones is not shown', async () => {
    const open: ((preview: ImportPreview) => void)[] = [];
    answers.import_preview = () => new Promise((resolve) => open.push(resolve));
    importing.add(['/f/a.har']);
    importing.add(['/f/b.har']);
    open[1]?.(preview({ ready: 2 }));
    await turn();
    open[0]?.(preview({ ready: 1 }));
    await turn();
    expect([importing.preview?.ready, importing.looking]).toEqual([2, false]);
  });

  it('that are gone leave nothing to import', async () => {
    importing.add(['/f/a.har']);
    await turn();
    importing.remove('/f/a.har');
    expect([importing.preview, importing.canStart]).toEqual([null, false]);
  });

  it.each([
    ['/home/me/x', null, ['/home/me/x']],
    ['  "/home/me/a b"  ', null, ['/home/me/a b']],
    ['file:///tmp/a%20b', null, ['/tmp/a b']],
    ['C:\\hooks', null, ['C:\\hooks']],
    ['fixtures', 'Write the whole path, from the root on, such as /home/you/fixtures.', []],
    ['', 'Write the path of a file or a folder.', []],
  ])('the typed path %j', (typed, error, paths) => {
    importing.typed = typed;
    importing.addTyped();
    expect([importing.typedError, importing.paths]).toEqual([error, paths]);
  });

  it('what cannot be looked into is said, and they stay', async () => {
    answers.import_preview = () => {
      throw { code: 'failed', message: 'The log cannot be read.', detail: null } satisfies CommandError;
    };
    importing.add(['/f/a.har']);
    await turn();
    expect([importing.error?.message, importing.paths, importing.canStart]).toEqual([
      'The log cannot be read.',
      ['/f/a.har'],
      false,
    ]);
  });
});

describe('a drop', () => {
  it('opens the dialog with what was dropped', async () => {
    drop({ kind: 'over' });
    expect(importing.over).toBe(true);
    drop({ kind: 'dropped', paths: ['/f/a.har', '/f'] });
    await turn();
    expect([importing.over, importing.open, importing.paths]).toEqual([false, true, ['/f/a.har', '/f']]);
  });

  it('that went away again does nothing', () => {
    drop({ kind: 'over' });
    drop({ kind: 'left' });
    expect([importing.over, importing.open, asked]).toEqual([false, false, []]);
  });

  it('adds to the dialog that is open', async () => {
    importing.ask();
    importing.add(['/f/a.har']);
    drop({ kind: 'dropped', paths: ['/f/b.har'] });
    await turn();
    expect(importing.paths).toEqual(['/f/a.har', '/f/b.har']);
  });

  it('brings nothing of what was put away before', async () => {
    importing.ask();
    importing.add(['/f/a.har']);
    importing.close();
    drop({ kind: 'dropped', paths: ['/f/b.har'] });
    await turn();
    expect([importing.open, importing.paths]).toEqual([true, ['/f/b.har']]);
  });

  it('waits for the end of another dialog, and loses nothing', async () => {
    importing.setAbove(true);
    drop({ kind: 'dropped', paths: ['/f/a.har'] });
    drop({ kind: 'dropped', paths: ['/f/b.har'] });
    expect([importing.open, importing.paths]).toEqual([false, []]);
    importing.setAbove(false);
    await turn();
    expect([importing.open, importing.paths, importing.waiting]).toEqual([true, ['/f/a.har', '/f/b.har'], []]);
  });

  it('during an import is taken next', async () => {
    answers.import_start = () => state();
    importing.ask();
    importing.add(['/f/a.har']);
    await turn();
    await importing.start();
    drop({ kind: 'dropped', paths: ['/f/b.har'] });
    expect([importing.stage, importing.waiting]).toEqual(['run', ['/f/b.har']]);
    importing.onEvents([told({ running: false })]);
    importing.again();
    expect([importing.stage, importing.paths]).toEqual(['choose', ['/f/b.har']]);
  });
});

describe('a paste on the page', () => {
  it.each([
    ['curl', "curl -X POST http://h/ -d '{}'", true],
    ['curl behind a prompt', '$ /usr/bin/curl http://h/', true],
    ['a raw request', 'POST /hook HTTP/1.1\r\nHost: h\r\n\r\n{}', true],
    ['.http', '### one\nPOST http://h/one\n', true],
    ['a line of .http', 'POST https://h/one\nContent-Type: a/b\n\n{}', true],
    ['JSON', '\ufeff {"a": [1]}', true],
    ['NDJSON', '{"format":"countersign-delivery/1"}\n{"format":"x"}', true],
    ['half a JSON', '{"a":', false],
    ['a sentence about curl', 'Use curly braces.', false],
    ['an address', 'https://example.com/', false],
    ['words', 'hello', false],
  ])('%s', async (_, text, taken) => {
    expect([importing.paste(text), importing.open, importing.text]).toEqual([taken, taken, taken ? text : '']);
    await turn();
    expect(names().filter((name) => name !== 'import_preview')).toEqual([]);
  });

  it('does nothing behind another dialog', () => {
    importing.setAbove(true);
    expect([importing.paste('curl http://h/'), importing.open]).toEqual([false, false]);
  });
});

describe('an import', () => {
  beforeEach(async () => {
    answers.import_start = () => state();
    importing.ask();
    importing.add(['/f/a.har']);
    await turn();
  });

  it('starts with the sources that are shown, and says its end', async () => {
    await importing.start();
    expect(asked.find(([name]) => name === 'import_start')?.[1]).toEqual({
      request: { inputs: [{ kind: 'paths', paths: ['/f/a.har'] }], provider: null },
    });
    expect([importing.stage, importing.running]).toEqual(['run', true]);
    importing.onEvents([
      told({ imported: 3 }),
      told({ imported: 5, running: false, outcome: '5 deliveries came in.' }),
    ]);
    expect([importing.running, importing.state?.imported, said]).toEqual([false, 5, ['5 deliveries came in.']]);
  });

  it('an event that comes before the answer is newer than it', async () => {
    answers.import_start = () => {
      importing.onEvents([told({ imported: 7, running: false })]);
      return state();
    };
    await importing.start();
    expect([importing.running, importing.state?.imported]).toEqual([false, 7]);
  });

  it('stays to be chosen where it does not start', async () => {
    answers.import_start = () => {
      throw { code: 'bad_input', message: 'An import is going on already.', detail: null } satisfies CommandError;
    };
    await importing.start();
    expect([importing.stage, importing.error?.message, importing.paths]).toEqual([
      'choose',
      'An import is going on already.',
      ['/f/a.har'],
    ]);
  });

  it('goes on where the dialog is closed, and is seen at the foot', async () => {
    await importing.start();
    importing.close();
    expect(names()).not.toContain('import_cancel');
    expect(importing.shown?.running).toBe(true);
    importing.onEvents([told({ running: false })]);
    importing.dismiss();
    expect(importing.shown).toBe(null);
  });

  it('is cancelled, and what came in is listed by its outcome', async () => {
    await importing.start();
    await importing.cancel();
    expect(names()).toContain('import_cancel');
    importing.items.choose('failed');
    await turn();
    expect(asked.at(-1)).toEqual(['import_items', { from: 0, limit: 100, outcome: 'failed' }]);
  });

  it('has no second preview behind it when the dialog is closed while looking', async () => {
    answers.import_preview = () => new Promise(() => undefined);
    importing.add(['/f/b.har']);
    importing.close();
    expect([names().at(-1), importing.looking, importing.preview]).toEqual(['import_cancel', false, null]);
  });
});
