import { expect, it } from 'vitest';
import type { RunInfo } from '../bindings';
import { outcomeTone, outcomeWords, shortClock, some } from './checkWords';

const run = (change: Partial<RunInfo>): RunInfo => ({
  id: '1',
  kind: 'check',
  title: '',
  provider: 'pollo',
  endpoint: '',
  state: 'finished',
  started_at: '',
  ended_at: null,
  outcome: null,
  ...change,
});

it.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a and b'],
  [['a', 'b', 'c'], 'a, b and c'],
  [['a', 'b', 'c', 'd', 'e'], 'a, b, c and 2 more'],
])('names %j are said as “%s”', (names, words) => {
  expect(some(names, 3)).toBe(words);
});

it.each([
  [run({ outcome: '3 faults, 1 warning' }), '3 faults, 1 warning', 'fail'],
  [run({ outcome: '1 warning' }), '1 warning', 'warn'],
  [run({ outcome: 'Everything holds' }), 'Everything holds', 'pass'],
  [run({ state: 'cancelled', outcome: '1 warning' }), '1 warning · cancelled', 'warn'],
  [run({ state: 'interrupted' }), 'interrupted', 'grey'],
  [run({ state: 'failed' }), 'could not be carried out', 'fail'],
  [run({ state: 'running' }), 'goes on', 'grey'],
])('a run is listed as what came of it: %#', (info, words, tone) => {
  expect([outcomeWords(info), outcomeTone(info)]).toEqual([words, tone]);
});

it('a time is short, with its day where that is another', () => {
  const at = new Date(2026, 10, 20, 13, 40, 7).toISOString();
  expect([shortClock(at, new Date(2026, 10, 20)), shortClock(at, new Date(2026, 10, 21))]).toEqual([
    '13:40',
    '20 Nov 13:40',
  ]);
});
