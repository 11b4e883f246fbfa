import { expect, it } from 'vitest';
import { fromBase64, fromHex, toBase64 } from './bytesIn';

const shown = (read: Uint8Array | string): unknown => (typeof read === 'string' ? read : [...read]);

it.each([
  ['7b 22 69', [0x7b, 0x22, 0x69]],
  ['0x00:FF,0a\n7F', [0, 255, 10, 127]],
  ['', []],
  ['7b2', 'There is an odd number of digits: every byte has two.'],
  ['7g', '“g” is no hexadecimal digit.'],
])('hexadecimal %j', (text, bytes) => {
  expect(shown(fromHex(text))).toEqual(bytes);
});

it.each([
  ['AP8=', [0, 255]],
  ['AP8', [0, 255]],
  ['-_8 =', [251, 255]],
  ['', []],
  ['A', 'This is cut short: base64 has no such length.'],
  ['AP8*', '“*” does not stand in base64.'],
])('base64 %j', (text, bytes) => {
  expect(shown(fromBase64(text))).toEqual(bytes);
});

it('writes base64 of more bytes than a call takes arguments', () => {
  const bytes = Uint8Array.from({ length: 200_000 }, (_, at) => at & 255);
  expect(shown(fromBase64(toBase64(bytes)))).toEqual([...bytes]);
});
