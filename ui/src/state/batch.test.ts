import { beforeEach, expect, it, vi } from 'vitest';
import type { BatchState, CommandError, Commands, EngineEvent } from '../bindings';
import { Batch } from './batch.svelte';
import type { Host } from './host';

const state = (change: Partial<BatchState> = {}): BatchState => ({
  total: 1000,
  done: 0,
  accepted: 0,
  refused: 0,
  failed: 0,
  running: true,
  paused: false,
  cancelled: false,
  started_at: 'first',
  ...change,
});
const told = (change: Partial<BatchState>): EngineEvent => ({ type: 'batch', ...state(change) });
const turn = () => new Promise((resolve) => setImmediate(resolve));

let asked: [string, Record<string, unknown>][];
let answers: Partial<Record<keyof Commands, (args: never) => unknown>>;
let said: string[];
let reported: CommandError[];
let batch: Batch;

beforeEach(() => {
  asked = [];
  answers = {};
  said = [];
  reported = [];
  const call = async (name: keyof Commands, args: never): Promise<unknown> => {
    asked.push([name, args]);
    const answer = answers[name];
    return answer ? answer(args) : null;
  };
  const host: Host = { call: call as unknown as Host['call'], onEvents: async () => () => undefined };
  batch = new Batch(
    host,
    (error) => reported.push(error),
    (words) => said.push(words),
  );
});

it('sends what was chosen, and closes the dialog', async () => {
  answers.deliveries_count = () => ({ matched: 1000 });
  answers.batch_start = () => state();
  batch.ask({ kind: 'filter', filter: 'path:/many' });
  await turn();
  expect(batch.count).toBe(1000);
  batch.form.to = ' http://localhost:3000/ ';
  batch.form.atOnce = '4';
  batch.form.timeout = '2.5';
  await batch.start();
  expect(asked.at(-1)).toEqual([
    'batch_start',
    {
      request: {
        selection: { kind: 'filter', filter: 'path:/many' },
        to: 'http://localhost:3000/',
        pace: { kind: 'fast', at_once: 4 },
        sign_anew: false,
        options: { timeout_ms: 2500, any_certificate: false, follow_redirects: false },
      },
    },
  ]);
  expect([batch.asked, batch.shown?.total]).toEqual([null, 1000]);
});

it('keeps the dialog and what was chosen where the batch does not start', async () => {
  answers.batch_start = () => {
    throw { code: 'bad_input', message: 'no address', detail: null } satisfies CommandError;
  };
  batch.ask({ kind: 'ids', ids: ['1', '2'] });
  batch.form.to = 'nowhere';
  await batch.start();
  expect([batch.error?.message, batch.asked?.kind, batch.form.to, batch.starting]).toEqual([
    'no address',
    'ids',
    'nowhere',
    false,
  ]);
});

it('an answer never overwrites an event that came after the question', async () => {
  answers.batch = () => state({ done: 10 });
  batch.onReread();
  batch.onEvents([told({ done: 20 }), told({ done: 30 })]);
  await turn();
  expect(batch.state?.done).toBe(30);
  batch.onReread();
  await turn();
  expect(batch.state?.done, 'without an event it counts').toBe(10);
});

it('says the end once, and shows a batch until it is put away', () => {
  batch.onEvents([told({ done: 500, accepted: 500 })]);
  batch.dismiss();
  expect(batch.shown, 'what runs stays').not.toBeNull();
  const over = told({ running: false, done: 1000, accepted: 998, refused: 2 });
  batch.onEvents([over]);
  batch.onEvents([over]);
  expect(said).toEqual(['998 of 1,000 were accepted: 2 refused.']);
  batch.dismiss();
  expect(batch.shown).toBeNull();
  batch.onEvents([told({ started_at: 'second' })]);
  expect(batch.shown?.started_at).toBe('second');
});

it('a range is counted as a filter, and what is wrong with it is said there', async () => {
  answers.deliveries_count = ({ filter }: { filter: string }) => {
    if (filter === 'since:soon') throw { code: 'bad_filter', message: 'no time', detail: null } satisfies CommandError;
    return { matched: 7 };
  };
  batch.ask({ kind: 'range' });
  batch.until = '2026-11-20 14:00';
  await batch.recount();
  expect([batch.count, asked.at(-1)]).toEqual([
    7,
    ['deliveries_count', { filter: 'since:1h before:2026-11-20T14:00' }],
  ]);
  batch.since = 'soon';
  batch.until = '';
  await batch.recount();
  expect([batch.count, batch.rangeError, batch.error]).toEqual([null, 'no time', null]);
});

it.each([
  ['many', [3, 17, 18, 40, 977], 974],
  ['one', [1], 0],
  ['the first ids', [1, 2, 3], 2],
  ['none', [], null],
] as const)('recorded gaps: the time between the oldest and the newest of %s', async (_name, ids, seconds) => {
  const at = (id: number) => ({ id: String(id), received_at: new Date(id * 1000).toISOString() });
  answers.deliveries_count = () => ({ matched: ids.length });
  answers.deliveries_page = ({ before }: { before: string | null }) => ({
    items: ids
      .filter((id) => before === null || id < Number(before))
      .slice(-1)
      .map(at),
    next: null,
  });
  batch.form.pace = 'recorded';
  batch.ask({ kind: 'filter', filter: '' });
  await batch.recount();
  expect(batch.recorded).toBe(seconds);
});

it('reads the pages that are looked at again, no faster than its pace while the batch runs', async () => {
  vi.useFakeTimers();
  answers.batch_items = ({ from, limit }: { from: number; limit: number }) =>
    Array.from({ length: limit }, (_, n) => ({ delivery: String(from + n), title: '', attempt: null, problem: null }));
  batch.onEvents([told({ done: 1 })]);
  batch.show(true);
  batch.items.look(95, 120);
  await vi.advanceTimersByTimeAsync(0);
  expect([batch.items.at(119)?.delivery, batch.items.at(300)]).toEqual(['119', null]);
  asked = [];
  for (let done = 2; done < 50; done++) batch.onEvents([told({ done })]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked.map(([, args]) => args['from'])).toEqual([0, 100]);
  batch.onEvents([told({ done: 1000, running: false })]);
  await vi.advanceTimersByTimeAsync(0);
  expect(asked.length, 'the end is read at once').toBe(4);
  batch.show(false);
  batch.onEvents([told({ done: 1000, running: false })]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked.length, 'nothing is read while nobody looks').toBe(4);
  vi.useRealTimers();
});
