import { expect, it } from 'vitest';
import { clock, duration, plural, preciseClock, size } from './format';

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 KB'],
  [999_949, '999.9 KB'],
  [999_950, '1.0 MB'],
  [25_000_000, '25.0 MB'],
])('%i bytes are %s', (bytes, words) => expect(size(bytes)).toBe(words));

it.each([
  [340, '340 µs'],
  [4200, '4.2 ms'],
  [34_120, '34 ms'],
  [1_240_000, '1.2 s'],
])('%i microseconds are %s', (us, words) => expect(duration(us)).toBe(words));

it('groups thousands and knows one', () => {
  expect(plural(1, 'delivery', 'deliveries')).toBe('1 delivery');
  expect(plural(12_000, 'delivery', 'deliveries')).toBe('12,000 deliveries');
});

it('gives the date only to times of another day', () => {
  const at = new Date(2026, 10, 20, 14, 2, 47, 482);
  const text = at.toISOString();
  expect(clock(text, new Date(2026, 10, 20, 23, 0))).toBe('14:02:47');
  expect(clock(text, new Date(2026, 10, 21, 0, 1))).toBe('20 Nov 14:02:47');
  expect(clock(text, new Date(2027, 0, 1))).toBe('20 Nov 2026 14:02:47');
  expect(preciseClock(text, at)).toBe('14:02:47.482');
  expect(clock('nonsense', at)).toBe('nonsense');
});
