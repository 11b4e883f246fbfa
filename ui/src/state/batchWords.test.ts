import { expect, it } from 'vitest';
import type { BatchState } from '../bindings';
import { endWords, paceError, paceOf, planWords, rangeFilter, span, stateWords, type BatchForm } from './batchWords';

const form = (change: Partial<BatchForm> = {}): BatchForm => ({
  to: 'http://localhost:3000/in',
  pace: 'fast',
  atOnce: '20',
  perSecond: '50',
  speed: '1',
  signAnew: false,
  timeout: '30',
  anyCertificate: false,
  ...change,
});
const state = (change: Partial<BatchState> = {}): BatchState => ({
  total: 1000,
  done: 1000,
  accepted: 1000,
  refused: 0,
  failed: 0,
  running: false,
  paused: false,
  cancelled: false,
  started_at: '2026-11-20T14:00:00Z',
  ...change,
});

it.each([
  [
    'at once',
    1000,
    form(),
    null,
    '1,000 deliveries, oldest first, 20 at once, to http://localhost:3000/in; they leave as captured.',
  ],
  [
    'one by one, to where each was sent',
    2,
    form({ atOnce: '1', to: ' ' }),
    null,
    '2 deliveries, oldest first, one after the other, each to where it was sent last, or where a route sends it; they leave as captured.',
  ],
  [
    'a rate',
    1000,
    form({ pace: 'rate', signAnew: true }),
    null,
    '1,000 deliveries, oldest first, 50 a second, to http://localhost:3000/in; signed anew for the present. The last one leaves after 20 s.',
  ],
  [
    'recorded gaps, ten times as fast',
    3,
    form({ pace: 'recorded', speed: '10' }),
    7300,
    '3 deliveries, oldest first, with the gaps in which they were captured, 10 times as fast, to http://localhost:3000/in; they leave as captured. The last one leaves after 12 min 10 s.',
  ],
  [
    'recorded gaps that are not known',
    3,
    form({ pace: 'recorded' }),
    null,
    '3 deliveries, oldest first, with the gaps in which they were captured, to http://localhost:3000/in; they leave as captured.',
  ],
  ['a single one', 1, form(), null, '1 delivery, to http://localhost:3000/in; it leaves as captured.'],
  ['a wrong number', 1000, form({ atOnce: '0' }), null, ''],
] as const)('the plan: %s', (_name, count, chosen, recorded, words) => {
  expect(planWords(count, chosen, recorded)).toBe(words);
});

it.each([
  ['fast', { atOnce: '101' }, 'A whole number from 1 to 100.'],
  ['fast', { atOnce: '1.5' }, 'A whole number from 1 to 100.'],
  ['fast', { atOnce: ' 4 ' }, null],
  ['rate', { perSecond: '' }, 'A number from 0.01 to 1,000.'],
  ['rate', { perSecond: '0.5' }, null],
  ['recorded', { speed: 'ten' }, 'A number from 0.01 to 100,000.'],
] as const)('a pace of %s with %o: %s', (pace, change, error) => {
  const chosen = form({ pace, ...change });
  expect(paceError(chosen)).toBe(error);
  expect(paceOf(chosen) === null).toBe(error !== null);
});

it.each([
  [0.2, 'under a second'],
  [59.4, '59 s'],
  [200, '3 min 20 s'],
  [3600, '1 h'],
  [7300, '2 h 1 min'],
  [273_600, '3 d 4 h'],
] as const)('%d seconds are %s', (seconds, words) => {
  expect(span(seconds)).toBe(words);
});

it.each([
  ['1h', '', '', 'since:1h'],
  [
    '2026-11-20 14:00',
    '2026-11-20T15:00',
    'provider:pollo',
    'since:2026-11-20T14:00 before:2026-11-20T15:00 provider:pollo',
  ],
  ['', '', '', ''],
] as const)('the range %j to %j within %j is %j', (since, until, within, filter) => {
  expect(rangeFilter(since, until, within)).toBe(filter);
});

it.each([
  [state(), 'All 1,000 were accepted', 'All 1,000 were accepted.'],
  [
    state({ accepted: 998, refused: 1, failed: 1 }),
    '998 of 1,000 were accepted',
    '998 of 1,000 were accepted: 1 refused, 1 without an answer.',
  ],
  [
    state({ cancelled: true, done: 204, accepted: 200, failed: 4 }),
    'Cancelled: 204 of 1,000 were sent',
    'Cancelled: 204 of 1,000 were sent; 200 accepted, 4 without an answer.',
  ],
  [state({ running: true, paused: true, done: 104, accepted: 104 }), 'Held at 104 of 1,000', 'Held at 104 of 1,000.'],
] as const)('%o is “%s”', (batch, words, end) => {
  expect(stateWords(batch)).toBe(words);
  expect(endWords(batch)).toBe(end);
});
