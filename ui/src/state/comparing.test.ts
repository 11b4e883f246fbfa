import { beforeEach, describe, expect, it } from 'vitest';
import type { AttemptInfo, Commands, CompareSide, DeliveryDetail } from '../bindings';
import { Comparing } from './comparing.svelte';
import { Hashing } from './hashing.svelte';
import { attemptWords, choicesOf, expectedWords, inOrder, joinChoices, timeline } from './history';
import type { Host } from './host';
import { Ticks } from './ticks.svelte';

const attempt = (id: number, started_at: string, change: Partial<AttemptInfo> = {}): AttemptInfo => ({
  id: String(id),
  delivery: '5',
  kind: 'resend',
  signing: null,
  as_expected: null,
  name: 'here',
  method: 'POST',
  url: 'http://localhost/in',
  state: 'answered',
  started_at,
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

const T = (second: number) => `2026-11-20T14:00:0${String(second)}.000000Z`;

function detail(id: number, change: Partial<DeliveryDetail> = {}): DeliveryDetail {
  const summary = { id: String(id), received_at: T(3) };
  return { summary, attempts: [], same_event: [], ...change } as unknown as DeliveryDetail;
}

const delivery = (id: number): CompareSide => ({ kind: 'delivery', id: String(id) });
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** An engine that answers `compare` only when told to, in any order, and knows the details of 5 and 6. */
class Engine {
  asked: unknown[] = [];
  answers = new Map<string, (result: unknown) => void>();
  readonly host: Host = {
    call: ((name: keyof Commands, args: { a: CompareSide; b: CompareSide; id: string }) => {
      if (name === 'delivery_detail') {
        const one = detail(Number(args.id), { attempts: args.id === '5' ? [attempt(1, T(4))] : [] });
        return args.id === '9' ? Promise.reject(new Error('gone')) : Promise.resolve(one);
      }
      this.asked.push(args);
      const key = name === 'compare' ? `${args.a.id}${args.b.id}` : 'hashed';
      return new Promise((resolve, reject) =>
        this.answers.set(key, (result) => (result instanceof Error ? reject(result) : resolve(result))),
      );
    }) as unknown as Host['call'],
    onEvents: async () => () => undefined,
  };

  async answer(key: string, result: unknown): Promise<void> {
    this.answers.get(key)?.(result);
    await turn();
  }
}

describe('two sides', () => {
  let engine: Engine;
  let comparing: Comparing;
  beforeEach(() => {
    engine = new Engine();
    comparing = new Comparing(engine.host);
  });

  it('offers what there is of both, and compares what is chosen', async () => {
    void comparing.show(delivery(5), delivery(6), ['5', '6', '9']);
    await engine.answer('56', { words: 'first' });
    expect([comparing.open, comparing.result?.words, comparing.busy]).toEqual([true, 'first', false]);
    expect(comparing.choices.map((choice) => choice.key)).toEqual([
      'delivery 5',
      'delivery_answer 5',
      'attempt 1',
      'attempt_answer 1',
      'delivery 6',
      'delivery_answer 6',
    ]);
    void comparing.choose('b', 'attempt 1');
    await engine.answer('51', { words: 'second' });
    void comparing.swap();
    await engine.answer('15', { words: 'third' });
    expect([comparing.key('a'), comparing.key('b'), comparing.result?.words]).toEqual([
      'attempt 1',
      'delivery 5',
      'third',
    ]);
    expect(engine.asked.length).toBe(3);
  });

  it('never shows the answer of an earlier pair, nor one that comes after closing', async () => {
    void comparing.show(delivery(5), delivery(6), []);
    void comparing.swap();
    await engine.answer('65', { words: 'newer' });
    await engine.answer('56', { words: 'older' });
    expect([comparing.result?.words, comparing.busy]).toEqual(['newer', false]);
    void comparing.swap();
    comparing.close();
    await engine.answer('56', { words: 'late' });
    expect([comparing.open, comparing.result]).toEqual([false, null]);
  });

  it('says what could not be read, and takes it away with the next answer', async () => {
    void comparing.show(delivery(5), delivery(6), []);
    await engine.answer('56', new Error('There is no delivery 6.'));
    expect([comparing.error?.message, comparing.result]).toEqual(['There is no delivery 6.', null]);
    void comparing.again();
    await engine.answer('56', { words: 'there' });
    expect([comparing.error, comparing.result?.words]).toEqual([null, 'there']);
  });
});

describe('what a handler hashed', () => {
  it('hands over text or a file, and forgets a result with the bytes it was for', async () => {
    const engine = new Engine();
    const hashing = new Hashing(engine.host);
    hashing.show('5', 'pollo');
    hashing.type('text');
    void hashing.compare('5', 'pollo');
    await turn();
    await engine.answer('hashed', { words: 'found' });
    expect([hashing.result?.words, engine.asked]).toEqual([
      'found',
      [{ delivery: '5', scheme: 'pollo', given: { kind: 'text', text: 'text' } }],
    ]);
    hashing.show('5', 'pollo');
    expect(hashing.result).not.toBeNull();
    hashing.show('6', 'pollo');
    expect([hashing.result, hashing.text]).toEqual([null, 'text']);
    hashing.choose({ name: 'body.bin', size: 3, read: async () => 'AAEC' });
    void hashing.compare('6', null);
    await turn();
    expect(engine.asked.at(-1)).toEqual({ delivery: '6', scheme: null, given: { kind: 'base64', base64: 'AAEC' } });
    hashing.type('other');
    await engine.answer('hashed', { words: 'late' });
    expect([hashing.result, hashing.file, hashing.busy]).toEqual([null, null, false]);
  });

  it('does not read a file that is too long', async () => {
    const engine = new Engine();
    const hashing = new Hashing(engine.host);
    hashing.choose({ name: 'long', size: 64 * 1024 * 1024 + 1, read: () => Promise.reject(new Error('it was read')) });
    await hashing.compare('5', null);
    expect(hashing.error?.message).toBe('This file is over 64 MB: choose what your handler hashed.');
    expect(engine.asked).toEqual([]);
  });
});

describe('a history', () => {
  const one = detail(5, {
    attempts: [attempt(1, T(3)), attempt(2, T(5))],
    same_event: [
      { id: '4', received_at: T(1), same_body: true },
      { id: '11', received_at: T(9), same_body: false },
    ],
  });

  it('has everything, newest first, and what came of a delivery above it', () => {
    expect(timeline(one).map((entry) => entry.key)).toEqual(['d11', 'a2', 'a1', 'd5', 'd4']);
  });

  it('compares the older with the newer, whichever was ticked first', () => {
    const [newest, second, , own, oldest] = timeline(one);
    if (!newest || !second || !own || !oldest) throw new Error('five');
    expect(inOrder(newest, oldest)).toEqual([delivery(4), delivery(11)]);
    expect(inOrder(own, second)).toEqual([delivery(5), { kind: 'attempt', id: '2' }]);
  });

  it('keeps two ticks, the last ones, of one delivery', () => {
    const ticks = new Ticks();
    ticks.show('5');
    for (const key of ['a', 'b', 'c']) ticks.toggle(key);
    expect(ticks.keys).toEqual(['b', 'c']);
    ticks.toggle('b');
    ticks.show('5');
    expect(ticks.keys).toEqual(['c']);
    ticks.show('6');
    expect(ticks.keys).toEqual([]);
  });

  it('offers every side once, a delivery with its attempts rather than as one of the same event', () => {
    const other = detail(4, { attempts: [attempt(7, T(2), { state: 'failed', status: null })] });
    const now = new Date(T(9));
    const joined = joinChoices([choicesOf(one, now), choicesOf(other, now)]);
    const group = (key: string) => joined.filter((choice) => choice.key === key).map((choice) => choice.group);
    expect([group('delivery 4'), group('attempt 7'), group('attempt_answer 7'), group('delivery 11')]).toEqual([
      ['Delivery 4'],
      ['Delivery 4'],
      [],
      ['The same event'],
    ]);
  });

  it.each([
    [{ as_expected: true }, { good: true, words: 'as it should' }],
    [
      { as_expected: false, status: 200 },
      { good: false, words: 'accepted, and should not be' },
    ],
    [
      { as_expected: false, status: 401 },
      { good: false, words: 'refused, and should not be' },
    ],
    [{ as_expected: null }, null],
  ])('an attempt with %o is %o', (change, expected) =>
    expect(expectedWords(attempt(1, T(1), change))).toEqual(expected),
  );

  it('says how an attempt was signed', () => {
    expect(attemptWords(attempt(1, T(1), { kind: 'draft', signing: 'signed with “main”' }))).toBe(
      'Edited and sent, signed with “main”',
    );
  });
});
