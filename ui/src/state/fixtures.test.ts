import { beforeEach, describe, expect, it } from 'vitest';
import type { CommandError, Commands, EngineEvent, FixtureFile, FolderInfo } from '../bindings';
import { Fixtures, PAGE } from './fixtures.svelte';
import type { Host } from './host';
import type { Said } from './shell.svelte';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const folder = (path: string, files = 2): FolderInfo => ({
  path,
  name: path.slice(1),
  files,
  watched: true,
  problem: null,
});
const file = (name: string, change: Partial<FixtureFile> = {}): FixtureFile => ({
  file: `/a/${name}`,
  name,
  format: 'fixture',
  problem: null,
  line: null,
  bytes: 10,
  modified_at: null,
  about: null,
  captured_at: null,
  method: 'POST',
  target: '/',
  provider: 'pollo',
  event_type: 'task.succeed',
  event_id: null,
  verdicts: [],
  as_expected: true,
  unexpected: [],
  capture: null,
  differs: [],
  notes: [],
  ...change,
});
const counts = { files: 2, hold: 2, unexpected: 0, silent: 0, broken: 0, differs: 0 };
const refused: CommandError = { code: 'bad_input', message: 'The file has changed since it was shown.', detail: null };

let asked: [string, Record<string, unknown>][];
let answers: Partial<Record<keyof Commands, (args: never) => unknown>>;
let told: Said[];
let reported: CommandError[];
let fixtures: Fixtures;
const of = (name: string) => asked.filter(([command]) => command === name).map(([, args]) => args);

beforeEach(() => {
  asked = [];
  told = [];
  reported = [];
  answers = {
    folders: () => [folder('/a')],
    folder_counts: () => counts,
    folder_files: () => ({
      files: [file('one.json'), file('two.json')],
      total: 2,
      matched: 2,
      next: null,
      problem: null,
    }),
    folder_file: ({ file: path }: { file: string }) => ({ file: file(path.slice(3)), expected: [] }),
  };
  const host: Host = {
    call: async (name, args) => {
      asked.push([name, args]);
      const answer = answers[name];
      if (!answer) throw refused;
      return (await answer(args as never)) as never;
    },
    onEvents: async () => () => undefined,
  };
  fixtures = new Fixtures(host, {
    report: (error) => reported.push(error),
    told: (said) => told.push(said),
    copy: async () => undefined,
    chooseFolder: async () => '/b',
  });
});

describe('the folders', () => {
  it('shows the first one, its files and its counts', async () => {
    await fixtures.open();
    await turn();
    expect(fixtures.folder).toBe('/a');
    expect(fixtures.files.map((one) => one.name)).toEqual(['one.json', 'two.json']);
    expect(fixtures.counts.get('/a')).toEqual(counts);
  });

  it('follows changes while it is open, and not after', async () => {
    await fixtures.open();
    const changed: EngineEvent = { type: 'folders_changed', path: '/a' };
    answers.folder_files = () => ({ files: [file('new.json')], total: 1, matched: 1, next: null, problem: null });
    fixtures.onEvents([changed]);
    await turn();
    expect(fixtures.files.map((one) => one.name)).toEqual(['new.json']);
    // A capture that arrives may be what a file came from.
    answers.folder_files = () => ({ files: [file('known.json')], total: 1, matched: 1, next: null, problem: null });
    fixtures.onEvents([{ type: 'deliveries_added', count: 1 }]);
    await turn();
    expect(fixtures.files.map((one) => one.name)).toEqual(['known.json']);
    fixtures.close();
    const before = asked.length;
    fixtures.onEvents([changed]);
    await turn();
    expect(asked.length).toBe(before);
  });

  it('adds what the dialog answers, says what is wrong with it, and keeps what was typed', async () => {
    await fixtures.open();
    await fixtures.browse();
    expect(fixtures.addError).toBe(refused.message);
    expect(fixtures.typed).toBe('/b');
    answers.folder_add = () => [folder('/a'), folder('/b')];
    answers.folders = answers.folder_add;
    await fixtures.add();
    expect([fixtures.folder, fixtures.typed, fixtures.adding, fixtures.addError]).toEqual(['/b', '', false, null]);
  });

  it('undoes taking one off the list', async () => {
    await fixtures.open();
    answers.folder_remove = () => [];
    answers.folders = () => [];
    await fixtures.remove('/a');
    expect([fixtures.folder, fixtures.files.length]).toEqual([null, 0]);
    answers.folder_add = () => [folder('/a')];
    answers.folders = answers.folder_add;
    told[0]?.look?.run();
    await turn();
    expect(of('folder_add')).toEqual([{ path: '/a' }]);
    expect(fixtures.folder).toBe('/a');
  });
});

describe('the files', () => {
  it('drops the late answer for an earlier filter', async () => {
    await fixtures.open();
    let late: (page: unknown) => void = () => undefined;
    answers.folder_files = () => new Promise((resolve) => (late = resolve));
    const first = fixtures.show('broken');
    await turn();
    answers.folder_files = () => ({ files: [file('b.json')], total: 2, matched: 1, next: null, problem: null });
    await fixtures.show('unexpected');
    late({ files: [file('late.json')], total: 2, matched: 1, next: null, problem: null });
    await first;
    expect(fixtures.files.map((one) => one.name)).toEqual(['b.json']);
  });

  it('reads as many pages again as were shown', async () => {
    answers.folder_files = ({ before }: { before: string | null }) => ({
      files: Array.from({ length: PAGE }, (_, at) => file(`${before ?? 'a'}${String(at)}.json`)),
      total: 1000,
      matched: 1000,
      next: `${before ?? ''}b`,
      problem: null,
    });
    await fixtures.open();
    await fixtures.loadMore();
    expect(fixtures.files.length).toBe(2 * PAGE);
    asked = [];
    await fixtures.reload();
    expect(of('folder_files').map((args) => args['before'])).toEqual([null, 'b']);
    expect(fixtures.files.length).toBe(2 * PAGE);
  });
});

describe('sending', () => {
  it('asks where to the first time, then sends at once, and keeps the dialog where it failed', async () => {
    await fixtures.open();
    fixtures.select('/a/one.json');
    await fixtures.resend();
    expect([fixtures.asking, of('folder_send').length]).toEqual([true, 0]);
    fixtures.to = ' http://localhost:3000/ ';
    await fixtures.resend();
    expect([fixtures.asking, fixtures.sendError]).toEqual([true, refused.message]);
    answers.folder_send = () => ({ id: '1', url: 'http://localhost:3000/', status: 500, total_us: 1000, error: null });
    await fixtures.resend();
    expect(of('folder_send').at(-1)).toMatchObject({ file: '/a/one.json', to: 'http://localhost:3000/' });
    expect([fixtures.asking, told.at(-1)?.tone, fixtures.answer?.file]).toEqual([false, 'fail', '/a/one.json']);
  });

  it('sends no broken file', async () => {
    answers.folder_files = () => ({
      files: [file('one.json', { problem: 'Not JSON.' })],
      total: 1,
      matched: 1,
      next: null,
      problem: null,
    });
    await fixtures.open();
    fixtures.select('/a/one.json');
    fixtures.to = 'http://localhost:3000/';
    await fixtures.resend();
    expect(of('folder_send')).toEqual([]);
  });
});

describe('updating', () => {
  const row = (id: string) => ({ id, event_type: 'task.succeed', received_at: '2026-11-20T10:00:00Z' });
  const diff = (version: string, fields = ['body']) => ({
    file: '/a/one.json',
    delivery: '4',
    version,
    fields: fields.map((field) => ({ field, words: '', old: null, new: null })),
    notes: [],
    text: '',
  });
  beforeEach(() => {
    answers.delivery_detail = ({ id }: { id: string }) => ({ summary: row(id) });
    answers.deliveries_page = () => ({ items: [row('9'), row('4')], next: null });
    answers.folder_diff = () => diff('v1');
  });

  it('offers the capture first, then what is selected, then newer ones, each once', async () => {
    await fixtures.update.start(file('one.json', { capture: '4' }), '7');
    expect(fixtures.update.sources.map((one) => one.row.id)).toEqual(['4', '7', '9']);
    expect(of('deliveries_page')[0]).toMatchObject({ filter: 'provider:"pollo" event:"task.succeed"' });
    expect(of('folder_diff')).toEqual([{ file: '/a/one.json', delivery: '4' }]);
  });

  it('writes the difference that is shown; refused, it shows the new one with the reason', async () => {
    await fixtures.update.start(file('one.json', { capture: '4' }), null);
    answers.folder_diff = () => diff('v2');
    await fixtures.update.write();
    expect(of('folder_update')).toEqual([{ file: '/a/one.json', delivery: '4', version: 'v1' }]);
    expect([fixtures.update.refused, fixtures.update.diff?.version]).toEqual([refused.message, 'v2']);
    answers.folder_update = () => file('one.json');
    await fixtures.update.write();
    expect(of('folder_update').at(-1)).toMatchObject({ version: 'v2' });
    expect(fixtures.update.file).toBeNull();
  });

  it('writes nothing where nothing changes', async () => {
    answers.folder_diff = () => diff('v1', []);
    await fixtures.update.start(file('one.json', { capture: '4' }), null);
    await fixtures.update.write();
    expect([fixtures.update.same, of('folder_update').length]).toEqual([true, 0]);
  });
});
