import { beforeEach, expect, it, vi } from 'vitest';
import type {
  CommandError,
  Commands,
  EngineEvent,
  ExportDefaults,
  ExportPreview,
  ExportRequest,
  ExportState,
  FoundInfo,
} from '../bindings';
import { ARRIVALS_AFTER, Exporting, PREVIEW_AFTER } from './export.svelte';
import type { ExportSource } from './exportWords';
import type { Host } from './host';
import type { Said } from './shell.svelte';

const TWO: ExportSource = { id: 'marked', label: 'The 2 selected', selection: { kind: 'ids', ids: ['1', '2'] } };
const ALL: ExportSource = { id: 'filter', label: 'All 9', selection: { kind: 'filter', filter: '' } };
const LAST: ExportDefaults = {
  format: 'fixtures',
  zip: false,
  folder: '/fixtures',
  file: '',
  kinds: ['credentials'],
  pointers: [],
};
const found = (change: Partial<FoundInfo> = {}): FoundInfo => ({
  key: 'header:authorization',
  kind: 'credentials',
  place: 'header Authorization',
  pointer: null,
  shown: 'Bearer ••••',
  deliveries: 2,
  first: '1',
  masked: true,
  suggested: true,
  always: false,
  signed: false,
  ...change,
});
const MAIL = found({ key: 'json:/mail', kind: 'emails', place: '/mail in the body', masked: false, signed: true });
const preview = (change: Partial<ExportPreview> = {}): ExportPreview => ({
  deliveries: 2,
  searched: 2,
  names: ['a.json', 'b.json'],
  files: 2,
  bytes: 1000,
  found: [found(), MAIL],
  signed_anew: 0,
  sample: '{}',
  notes: [],
  warnings: [],
  ...change,
});
const state = (change: Partial<ExportState> = {}): ExportState => ({
  total: 2,
  done: 0,
  running: true,
  cancelled: false,
  problem: null,
  written: 0,
  overwritten: 0,
  unchanged: 0,
  skipped: 0,
  existing: 0,
  path: '/fixtures',
  format: 'fixtures',
  outcome: '',
  notes: [],
  tests: [],
  started_at: 'first',
  ...change,
});
const told = (change: Partial<ExportState>): EngineEvent => ({ type: 'export', ...state(change) });
const turn = () => vi.advanceTimersByTimeAsync(0);

let asked: [string, Record<string, unknown>][];
let answers: Partial<Record<keyof Commands, (args: never) => unknown>>;
let said: Said[];
let reported: CommandError[];
let copied: string[];
let last: ExportDefaults | null;
let exporting: Exporting;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  said = [];
  reported = [];
  copied = [];
  last = LAST;
  answers = {
    export_preview: () => preview(),
    export_start: () => state(),
    export_formats: () => [
      { format: 'fixtures', copies_many: false },
      { format: 'csv', copies_many: true },
    ],
    export_test_runners: () => [
      { id: 'pytest', frameworks: [{ id: 'flask', module: 'webhook', app: 'app' }] },
      { id: 'go', frameworks: [] },
    ],
  };
  const call = async (name: keyof Commands, args: never): Promise<unknown> => {
    asked.push([name, args]);
    const answer = answers[name];
    return answer ? answer(args) : null;
  };
  const host: Host = { call: call as unknown as Host['call'], onEvents: async () => () => undefined };
  exporting = new Exporting(host, {
    report: (error) => reported.push(error),
    say: () => undefined,
    told: (one) => said.push(one),
    copy: async (text) => void copied.push(text),
    chooseFolder: async () => '/chosen',
    chooseNewFile: async () => null,
    last: () => last,
    remember: (chosen) => (last = chosen),
  });
});

const requests = (): ExportRequest[] =>
  asked.filter(([name]) => name === 'export_preview').map(([, args]) => args['request'] as ExportRequest);

it('begins with what was chosen the last time, and looks at once', async () => {
  await exporting.ask([TWO, ALL]);
  await turn();
  expect([exporting.source, exporting.folder, exporting.current, exporting.ready]).toEqual([
    'marked',
    '/fixtures',
    true,
    true,
  ]);
  expect(requests()).toEqual([
    {
      selection: TWO.selection,
      format: 'fixtures',
      redaction: { kinds: ['credentials'], mask: [], keep: [], pointers: [], keep_exact: false },
      base_url: null,
      tests: null,
    },
  ]);
});

it('an older preview is never shown as that of newer choices', async () => {
  const waiting: ((preview: ExportPreview) => void)[] = [];
  answers.export_preview = () => new Promise((resolve) => waiting.push(resolve));
  await exporting.ask([TWO, ALL]);
  exporting.choose('filter');
  waiting[0]?.(preview({ deliveries: 2 }));
  await turn();
  expect([exporting.preview, exporting.current, exporting.ready], 'it was of two').toEqual([null, false, false]);
  waiting[1]?.(preview({ deliveries: 9 }));
  await turn();
  expect([exporting.preview?.deliveries, exporting.ready]).toEqual([9, true]);
  expect(waiting.length, 'one question at a time').toBe(2);
});

it('nothing begins before the choices as they stand were looked at', async () => {
  await exporting.ask([TWO]);
  await turn();
  exporting.tick(MAIL, true);
  await exporting.start();
  expect(asked.some(([name]) => name === 'export_start')).toBe(false);
  await vi.advanceTimersByTimeAsync(PREVIEW_AFTER);
  await exporting.start();
  const [, args] = asked.at(-1) ?? [];
  expect(args).toMatchObject({
    request: { redaction: { kinds: ['credentials'], mask: ['json:/mail'], keep: [] } },
    destination: { kind: 'folder', path: '/fixtures' },
    on_existing: 'ask',
  });
});

it.each([
  ['a place of a kind that is not masked', MAIL, [true], ['json:/mail'], []],
  ['and unticked again', MAIL, [true, false], [], ['json:/mail']],
  ['a place of a kind that is masked', found(), [false], [], ['header:authorization']],
  ['and ticked again', found(), [false, true], [], []],
  ['a stored secret stays', found({ key: 'secret:x', kind: 'secrets', always: true }), [false], [], []],
] as const)('ticks: %s', async (_, one, ticks, mask, keep) => {
  await exporting.ask([TWO]);
  await turn();
  for (const on of ticks) exporting.tick(one, on);
  expect([exporting.mask, exporting.keep]).toEqual([mask, keep]);
  expect(exporting.ticked(one), 'shown before the engine has answered').toBe(one.always || ticks.at(-1));
});

it('a kind takes its places with it, and what is unticked is not so for others', async () => {
  await exporting.ask([TWO, ALL]);
  await turn();
  exporting.tick(MAIL, true);
  exporting.tick(found(), false);
  exporting.kind('emails', true);
  expect([exporting.kinds, exporting.mask, exporting.keep]).toEqual([
    ['credentials', 'emails'],
    [],
    ['header:authorization'],
  ]);
  exporting.choose('filter');
  expect(exporting.keep).toEqual([]);
});

it('exact bytes show what they leave before the engine says so', async () => {
  await exporting.ask([TWO]);
  await turn();
  exporting.kind('emails', true);
  expect(exporting.ticked(MAIL)).toBe(true);
  exporting.exact(true);
  expect([exporting.ticked(MAIL), exporting.ticked(found())]).toEqual([false, true]);
});

it.each([
  ['data/email', 'A path begins with /: /data/email, or /items/*/email for every item.'],
  ['/a~b', 'A ~ in a name is written ~0, a / is written ~1.'],
  ['/data/email', 'It is there already.'],
])('the path %s is refused', async (pointer, why) => {
  await exporting.ask([TWO]);
  expect(exporting.addPointer(' /data/email ')).toBeNull();
  expect([exporting.addPointer(pointer), exporting.pointers]).toEqual([why, ['/data/email']]);
});

it.each([
  ['folder', '', 'Choose a folder.'],
  ['folder', 'fixtures', 'Write the whole path, from the root on.'],
  ['folder', 'C:\\fixtures', null],
  ['clipboard', '', 'This format has a file for each delivery, which cannot be copied together.'],
] as const)('to %s at “%s”', async (to, folder, why) => {
  await exporting.ask([TWO]);
  await turn();
  exporting.into(to);
  exporting.folder = folder;
  await turn();
  expect([exporting.missing, exporting.ready]).toEqual([why, why === null]);
});

it('asks about files that are there, and writes once that is answered', async () => {
  await exporting.ask([TWO]);
  await turn();
  await exporting.start();
  exporting.onEvents([told({ running: false, existing: 1, outcome: 'One is there.' })]);
  expect([exporting.step, exporting.files.count]).toEqual(['asked', 1]);
  exporting.files.want(0);
  expect(asked.at(-1)).toEqual(['export_files', { from: 0, limit: 200, existing_only: true }]);
  answers.export_start = () => state({ started_at: 'second' });
  await exporting.start('number');
  expect(asked.at(-1)?.[1]['on_existing']).toBe('number');
  exporting.onEvents([told({ running: false, written: 1, unchanged: 1, started_at: 'second', outcome: 'Done.' })]);
  expect([exporting.step, exporting.files.count, said]).toEqual(['ended', 2, []]);
});

it('an answer never overwrites an event that came after the question', async () => {
  let answer: (state: ExportState) => void = () => undefined;
  answers.export_start = () => new Promise((resolve) => (answer = resolve));
  await exporting.ask([TWO]);
  await turn();
  void exporting.start();
  exporting.onEvents([told({}), told({ running: false, written: 2, outcome: '2 files written.' })]);
  answer(state());
  await turn();
  expect([exporting.step, exporting.running, exporting.state?.written]).toEqual(['ended', false, 2]);
});

it('goes on behind a closed dialog: its end is told, its question opens it', async () => {
  await exporting.ask([TWO]);
  await turn();
  await exporting.start();
  exporting.close();
  exporting.onEvents([told({ running: false, written: 2, outcome: '2 files written.' })]);
  expect([exporting.open, said.map((one) => one.words)]).toEqual([false, ['Export: 2 files written.']]);
  said[0]?.look?.run();
  expect([exporting.open, exporting.step]).toEqual([true, 'ended']);
  exporting.close();
  exporting.onEvents([told({ started_at: 'second' })]);
  exporting.onEvents([told({ started_at: 'second', running: false, existing: 2 })]);
  expect([exporting.open, exporting.step]).toEqual([true, 'asked']);
});

it('what broke off is said where it was chosen', async () => {
  await exporting.ask([TWO]);
  await turn();
  await exporting.start();
  exporting.onEvents([
    told({ running: false, written: 1, problem: 'no room', outcome: '1 file written. Then: no room' }),
  ]);
  expect([exporting.step, exporting.error?.message, exporting.folder, reported]).toEqual([
    'choose',
    '1 file written. Then: no room',
    '/fixtures',
    [],
  ]);
});

it('copies as a text, and remembers the choices but neither ticks nor exact bytes', async () => {
  answers.export_text = () => ({ text: 'a,b', notes: ['a note'] });
  await exporting.ask([TWO]);
  await turn();
  exporting.as('csv');
  exporting.into('clipboard');
  exporting.kind('emails', true);
  exporting.tick(found(), false);
  exporting.exact(true);
  await vi.advanceTimersByTimeAsync(PREVIEW_AFTER);
  await exporting.start();
  expect([copied, exporting.step, exporting.notes]).toEqual([['a,b'], 'copied', ['a note']]);
  expect(last).toEqual({ ...LAST, format: 'csv', kinds: ['credentials', 'emails'] });
  await exporting.ask([TWO]);
  expect([exporting.to, exporting.keep, exporting.keepExact]).toEqual(['folder', [], false]);
});

it('looks again when deliveries arrive, at a pace, while the dialog is open', async () => {
  await exporting.ask([ALL]);
  await turn();
  const arrived: EngineEvent = { type: 'deliveries_added', count: 5 };
  exporting.onEvents([arrived]);
  exporting.onEvents([arrived]);
  await vi.advanceTimersByTimeAsync(ARRIVALS_AFTER);
  expect(requests().length).toBe(2);
  exporting.close();
  exporting.onEvents([arrived]);
  await vi.advanceTimersByTimeAsync(ARRIVALS_AFTER);
  expect(requests().length).toBe(2);
});

it('tests go with fixtures into files alone, and call an app of the runner’s own frameworks', async () => {
  await exporting.ask([TWO]);
  await turn();
  const tests = () => exporting.request?.tests;
  exporting.testWith('pytest');
  expect(tests()).toEqual({ runner: 'pytest', app: null });
  exporting.testAgainst('flask');
  exporting.testApp({ module: 'shop.hooks' });
  expect(tests()?.app).toEqual({ framework: 'flask', module: 'shop.hooks', name: 'app', path: '/webhook' });
  expect(exporting.ready, 'what the tests call is looked at before').toBe(false);
  exporting.testWith('go');
  expect(tests()).toEqual({ runner: 'go', app: null });
  exporting.into('clipboard');
  expect(tests()).toBeNull();
  exporting.into('zip');
  exporting.as('csv');
  expect(tests()).toBeNull();
  exporting.as('fixtures');
  exporting.testWith('');
  expect(tests()).toBeNull();
});
