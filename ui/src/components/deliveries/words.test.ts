import { describe, expect, it } from 'vitest';
import type { DeliverySummary, VerdictSummary, WireOutcome } from '../../bindings';
import { age, allBadges, rowBadges } from './badges';
import { splitAt } from './difference';
import { markedRuns } from './filterMarks';
import { groupWords } from './groupWords';
import { lineTops, scrollTo, visibleRange } from './window';

it.each([
  [0, '0 s old'],
  [-59, '59 s ahead'],
  [599, '9 m old'],
  [4800, '1 h old'],
  [-259_200, '3 d ahead'],
])('a skew of %i s reads "%s"', (skew, words) => expect(age(skew)).toBe(words));

const verdict = (scheme: string, outcome: WireOutcome, applies: boolean, reason = 'Why.'): VerdictSummary => ({
  scheme,
  outcome,
  applies,
  reason,
  secret: null,
  skew_s: null,
});
const row = (verdicts: VerdictSummary[], checks: DeliverySummary['checks'] = []) =>
  ({ verdicts, checks }) as unknown as DeliverySummary;
const said = (badges: ReturnType<typeof rowBadges>) =>
  badges.map((one) => `${one.tone} ${one.sign ?? '-'} ${one.words}`);
const name = (scheme: string) =>
  ({ pollo: 'Pollo.ai', ihateppt: 'I Hate PPT', firebirdgen: 'FirebirdGen' })[scheme] ?? scheme;

describe('badges', () => {
  it.each([
    ['pass', 'pass pass Pollo.ai'],
    ['fail', 'fail fail Pollo.ai'],
    ['stale', 'warn warn Pollo.ai stale'],
    ['malformed', 'warn warn Pollo.ai malformed'],
    ['missing', 'grey - Pollo.ai no signature'],
    ['no_secret', 'dashed - Pollo.ai no secret'],
    ['unsigned', 'dashed - unsigned'],
  ] as const)('%s reads "%s"', (outcome, words) => {
    expect(said(rowBadges(row([verdict('pollo', outcome, true), verdict('ihateppt', 'fail', false)]), name))).toEqual([
      words,
    ]);
  });

  it('shows a check that does not hold before "unsigned", and "no scheme" where nothing applies', () => {
    const checks: DeliverySummary['checks'] = [
      { check: 'shape', holds: false, reason: 'The field statusCode is missing.' },
      { check: 'duplicate', holds: true, reason: '' },
    ];
    expect(said(rowBadges(row([verdict('firebirdgen', 'unsigned', true)], checks), name))).toEqual([
      'warn warn shape',
      'dashed - unsigned',
    ]);
    expect(said(rowBadges(row([verdict('pollo', 'missing', false)]), name))).toEqual(['grey - no scheme']);
  });

  it('lists every scheme, its own first, the others in grey with the reason', () => {
    const reason = 'X-Webhook-Signature has no “sha256=” prefix.';
    const verdicts = [verdict('ihateppt', 'malformed', false, reason), verdict('pollo', 'fail', true)];
    expect(said(allBadges(verdicts, name))).toEqual(['fail fail Pollo.ai', 'grey - I Hate PPT — no “sha256=” prefix']);
  });
});

it('cuts before the first difference, in characters', () => {
  expect(splitAt('a😀bc', 2)).toEqual(['a😀', 'bc']);
  expect(splitAt('abc', null)).toEqual(['abc', '']);
});

describe('the marks of the filter field', () => {
  const term = (text: string, start: number, key: string | null = 'verdict') => ({
    text,
    start,
    len: Array.from(text).length,
    key,
    negated: text.startsWith('-'),
  });
  const runs = (...args: Parameters<typeof markedRuns>) => markedRuns(...args).map((run) => [run.text, run.kind]);

  it('keeps the chip of a term that still stands, and drops that of one being typed', () => {
    const terms = [term('verdict:fail', 0), term('-path:/a', 13), term('word', 22, null)];
    expect(runs('verdict:fail -path:/a word', terms, null)).toEqual([
      ['verdict:fail', 'term'],
      [' ', 'plain'],
      ['-path:/a', 'negated'],
      [' word', 'plain'],
    ]);
    expect(runs('verdict:fai', terms, null)).toEqual([['verdict:fai', 'plain']]);
  });

  it('counts in characters and shows a fault beyond the end', () => {
    expect(runs('😀 x:', [], { start: 2, len: 2 })).toEqual([
      ['😀 ', 'plain'],
      ['x:', 'fault'],
    ]);
    expect(runs('"a', [], { start: 2, len: 1 }).at(-1)).toEqual([' ', 'fault']);
  });
});

describe('the window of the list', () => {
  const rows = (count: number) => lineTops(Array.from({ length: count }, () => 54));

  it('draws what is seen and eight lines beyond either edge', () => {
    expect(visibleRange(0, 540, rows(1000))).toEqual([0, 18]);
    expect(visibleRange(5400, 540, rows(1000))).toEqual([92, 118]);
    expect(visibleRange(53_460, 540, rows(1000))).toEqual([982, 1000]);
    expect(visibleRange(0, 540, rows(0))).toEqual([0, 0]);
  });

  it('takes the lower lines of an open group for what they are', () => {
    const tops = lineTops([54, ...Array.from({ length: 20 }, () => 34), 54]);
    expect(tops.at(-1)).toBe(54 + 20 * 34 + 54);
    expect(visibleRange(54 + 340, 34, tops)).toEqual([3, 20]);
    expect(scrollTo(21, 0, 540, tops)).toBe(54 + 20 * 34 + 54 - 540);
  });

  it('scrolls no further than a line needs', () => {
    expect(scrollTo(2, 0, 540, rows(20))).toBe(0);
    expect(scrollTo(10, 0, 540, rows(20))).toBe(54);
    expect(scrollTo(1, 540, 540, rows(20))).toBe(54);
  });
});

describe('a group in words', () => {
  const group = (count: number, last: string) => ({
    key: 'k',
    count,
    first_at: '2026-11-20T14:00:00.000000Z',
    last_at: `2026-11-20T14:${last}Z`,
    different_bodies: false,
  });
  it.each([
    [3, '00:12.000000', '3 deliveries of the same event, 12 s apart'],
    [2, '00:00.480000', '2 deliveries of the same event, 480 ms apart'],
    [1200, '59:05.000000', '1,200 deliveries of the same event, 59 m 5 s apart; the newest 200 are listed'],
  ])('%i until %s: "%s"', (count, last, words) => expect(groupWords(group(count, last))).toBe(words));
});
