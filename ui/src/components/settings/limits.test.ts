import { expect, it } from 'vitest';
import { megabytes, readMegabytes, readPort } from './limits';

it.each([
  ['4400', 4400],
  [' 65535 ', 65_535],
  ['65536', null],
  ['0', null],
  ['-1', null],
  ['44.5', null],
  ['', null],
])('port %j', (text, port) => {
  expect(readPort(text)).toBe(port);
});

it.each([
  ['25', 26_214_400],
  ['0.5', 524_288],
  ['1,5', 1_572_864],
  ['0', null],
  ['0.0001', null],
  ['1001', null],
  ['1e3', null],
  ['', null],
])('megabytes %j', (text, bytes) => {
  expect(readMegabytes(text)).toBe(bytes);
});

it('a size comes back as it was typed', () => {
  expect(megabytes(26_214_400)).toBe('25');
});
