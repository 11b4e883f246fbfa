import { describe, expect, it } from 'vitest';
import type { AttemptDetail, AttemptInfo } from '../../bindings';
import { lookOf, phasesOf, signingWords, statusWords } from './attemptWords';

const attempt = (change: Partial<AttemptInfo>): AttemptInfo => ({
  id: '1',
  delivery: null,
  kind: 'draft',
  signing: null,
  as_expected: null,
  name: '',
  method: 'POST',
  url: '',
  state: 'answered',
  started_at: '',
  status: 200,
  error: null,
  connected_us: null,
  tls_us: null,
  first_byte_us: null,
  total_us: null,
  reply_len: null,
  reply_cut: false,
  ...change,
});

it.each([
  ['accepted as it should', { status: 200, as_expected: true }, 'pass', '200', null],
  ['refused as it should', { status: 400, as_expected: true }, 'pass', '400', 'as it should'],
  ['accepted where it should not', { status: 200, as_expected: false }, 'fail', '200', 'accepted!'],
  ['refused where it should not', { status: 401, as_expected: false }, 'fail', '401', 'refused!'],
  ['redirected where it should accept', { status: 302, as_expected: false }, 'fail', '302', 'refused!'],
  ['nobody can say', { status: 500 }, 'fail', '500', null],
  ['a redirect that nobody can judge', { status: 302 }, 'warn', '302', null],
  ['no answer', { status: null, state: 'failed' }, 'fail', 'no answer', null],
  ['on its way', { status: null, state: 'waiting' }, 'grey', 'waiting', null],
  ['never sent', { status: null, state: 'dropped' }, 'warn', 'not sent', null],
] as const)('%s', (_, change, tone, words, judged) => {
  const look = lookOf(attempt(change));
  expect([look.tone, look.words, look.judged?.words ?? null]).toEqual([tone, words, judged]);
});

describe('phases', () => {
  const phases = (change: Partial<AttemptInfo>): unknown =>
    phasesOf(attempt(change)).map(({ name, took, from, width }) => [name, took, from, width]);
  it('lie one behind the other', () => {
    expect(phases({ connected_us: 1000, tls_us: 5000, first_byte_us: 9000, total_us: 10_000 })).toEqual([
      ['connect', '1.0 ms', 0, 10],
      ['TLS', '4.0 ms', 10, 40],
      ['waiting', '4.0 ms', 50, 40],
      ['reading', '1.0 ms', 90, 10],
    ]);
  });
  it('end where it failed', () => {
    expect(phases({ total_us: 800 })).toEqual([['connect', '800 µs', 0, 100]]);
    expect(phases({ connected_us: 200, total_us: 800 })).toEqual([
      ['connect', '200 µs', 0, 25],
      ['waiting', '600 µs', 25, 75],
    ]);
  });
  it('are none while it is on its way', () => expect(phases({})).toEqual([]));
});

it.each([
  ['HTTP/1.1 200 OK\r\n\r\n', '200 OK'],
  ['HTTP/1.1 200 \r\n\r\n', '200'],
  [null, '200'],
])('%j is %s', (head, words) => {
  const detail = { info: attempt({}), reply_head: head === null ? null : { text: head } } as AttemptDetail;
  expect(statusWords(detail)).toBe(words);
});

it('says how it was signed, or why it was sent', () => {
  expect(signingWords(attempt({ signing: 'body tampered with' }))).toBe('body tampered with');
  expect(signingWords(attempt({ kind: 'forward' }))).toBe('forwarded');
});
