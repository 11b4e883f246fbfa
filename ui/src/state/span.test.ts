import { expect, it } from 'vitest';
import { parseSpan, spanText } from './span';

it.each([
  ['90', 90],
  ['90 s', 90],
  ['10 min', 600],
  ['10m', 600],
  ['1 h', 3600],
  ['1h 30 min', 5400],
  ['2 D', 172_800],
  ['4294967295', 4_294_967_295],
  ['4294967296', null],
  ['', null],
  ['-5', null],
  ['1.5 h', null],
  ['1 week', null],
  ['1 hour', null],
  ['h', null],
])('%j is %s seconds', (text, seconds) => {
  expect(parseSpan(text)).toBe(seconds);
});

it.each([
  [3600, '1 h'],
  [5400, '1 h 30 min'],
  [61, '1 min 1 s'],
  [172_800, '2 d'],
  [0, '0 s'],
])('%d seconds are written %s', (seconds, text) => {
  expect(spanText(seconds)).toBe(text);
});
