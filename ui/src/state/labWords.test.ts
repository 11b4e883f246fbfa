import { describe, expect, it } from 'vitest';
import type { LabAttempt, LabPlan, LabPolicy, LabState, RetryRow } from '../bindings';
import { atAGlance, attemptLook, countdownWords, offset, planWords, rowsOf, scheduleNow, span } from './labWords';

it.each([
  [0, '0 s'],
  [400, '400 ms'],
  [130_340, '130.3 s'],
  [120_000, '2 min'],
  [60_000, '1 min'],
  [1_920_000, '32 min'],
  [259_200_000, '3 days'],
  [97_200_000, '1 day 3 h'],
])('%i ms are %s', (ms, words) => expect(span(ms)).toBe(words));

it.each([
  [12, '+0 s'],
  [140, '+0.1 s'],
  [10_100, '+10.1 s'],
])('%i ms after the first is %s', (ms, words) => expect(offset(ms)).toBe(words));

it.each([
  [-5, '0.0 s'],
  [9_310, '9.4 s'],
  [69_000, '1:09'],
  [7_449_000, '2:04:09'],
])('%i ms to go read %s', (ms, words) => expect(countdownWords(ms)).toBe(words));

const plan = (offsets: number[]): LabPlan =>
  ({
    attempts: offsets.map((offset_ms, at) => ({ attempt: at + 1, offset_ms, wait_ms: 0, offset: '', fault: null })),
    total: '72 h',
    waiting: '72 min',
  }) as unknown as LabPlan;

it.each([
  [[0, 1, 2], { kind: 'faster', times: 60 }, '72 h in 3 attempts', '72 min of waiting at 60×'],
  [[0, 1], { kind: 'none' }, '72 h in 2 attempts', 'sent one after another, without waiting'],
  [[0], { kind: 'real' }, 'One attempt, no retry', ''],
] as const)('a schedule of %o with %o', (offsets, speed, headline, takes) => {
  expect(planWords(plan([...offsets]), speed)).toEqual({ headline, takes });
});

it('tells what is documented from what is assumed', () => {
  const row = (field: string, value: string, basis: RetryRow['basis']): RetryRow => ({
    field,
    label: field,
    value,
    basis,
    note: null,
  });
  const rows = [
    row('attempts', 'up to 3 retries', 'documented'),
    row('delays', '10, 20, 40 s', 'assumed'),
    row('timeout', '10 s', 'documented'),
    row('success', 'exactly 200', 'edited'),
    row('jitter', 'none', 'not_documented'),
    row('redirects', 'followed', 'edited'),
  ];
  expect(atAGlance({ rows } as unknown as LabPolicy)).toEqual([
    { basis: 'documented', words: 'up to 3 retries · timeout 10 s' },
    { basis: 'edited', words: 'success is exactly 200 · redirects followed' },
    { basis: 'assumed', words: '10, 20, 40 s' },
  ]);
});

const attempt = (number: number, sent_ms: number, change: Partial<LabAttempt> = {}): LabAttempt =>
  ({
    number,
    sent_ms,
    planned_ms: sent_ms,
    announces: false,
    experiment: null,
    came: 'answered',
    label: '500',
    good: false,
    lost_status: null,
    why: 'why',
    ...change,
  }) as LabAttempt;
const state = (change: Partial<LabState>): LabState =>
  ({
    run: { state: 'running' },
    plan: plan([0, 10_000, 40_000]),
    attempts: [],
    countdown: null,
    delivered: null,
    ...change,
  }) as LabState;

describe('the rows of a run', () => {
  const words = (one: LabState) =>
    rowsOf(one).map((row) => `${row.key} ${offset(row.plannedMs)} ${offset(row.at)} ${row.words}`);

  it('have a place for every planned attempt, the next one where it is due', () => {
    const countdown = { attempt: 2, due_at: '', left_ms: 1, wait_ms: 10_000, offset_ms: 12_000 };
    expect(words(state({ attempts: [attempt(1, 0)], countdown }))).toEqual([
      'attempt-1 +0 s +0 s why',
      'attempt-2 +10 s +12 s next',
      'attempt-3 +40 s +42 s planned',
    ]);
  });

  it('say what was not needed, and what was not sent', () => {
    const over = { run: { state: 'finished' } as LabState['run'], attempts: [attempt(1, 0)] };
    expect(words(state({ ...over, delivered: true })).at(-1)).toBe('attempt-3 +40 s +40 s not needed');
    expect(words(state({ ...over, delivered: false })).at(-1)).toBe('attempt-3 +40 s +40 s not sent');
  });

  it('take what announces a retry for none itself', () => {
    const attempts = [attempt(1, 0), attempt(1, 10_000, { announces: true }), attempt(2, 10_010)];
    expect(rowsOf(state({ attempts })).map((row) => row.key)).toEqual([
      'attempt-1',
      'announce-1',
      'attempt-2',
      'attempt-3',
    ]);
  });
});

it.each<[string, Partial<LabAttempt>, string]>([
  ['a success', { good: true, label: '200' }, 'pass pass 200'],
  ['a 2xx that does not count', { label: '201' }, 'fail fail 201'],
  ['silence', { came: 'timeout', label: 'timeout' }, 'fail fail timeout'],
  ['one under way', { came: 'sending' }, 'accent - sending…'],
  ['an announcement', { announces: true, label: '200' }, 'grey - 200'],
])('%s looks like it', (_, change, look) => {
  const { tone, sign, words } = attemptLook(attempt(1, 0, change));
  expect(`${tone} ${sign ?? '-'} ${words}`).toBe(look);
});

it.each([
  [{ kind: 'real' }, 4_000, 36_000],
  [{ kind: 'faster', times: 10 }, 500, 35_000],
  [{ kind: 'none' }, 0, 40_000],
  [{ kind: 'faster', times: 1000 }, 9_000, 10_000],
] as const)('the schedule’s clock with %o and %i ms to go stands at %i', (speed, left, expected) => {
  const countdown = { attempt: 3, due_at: '', left_ms: 30_000, wait_ms: 30_000, offset_ms: 40_000 };
  expect(scheduleNow(countdown, left, speed)).toBe(expected);
});
