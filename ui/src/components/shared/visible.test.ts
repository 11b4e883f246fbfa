import { expect, it } from 'vitest';
import { visibleParts, visibleString } from './visible';

it.each([
  ['plain – text ✓ שלום', 'plain – text ✓ שלום'],
  ['a\u202Egpj.exe', 'a‹U+202E›gpj.exe'],
  ['\u0000\u001b[31m', '‹U+0000›‹U+001B›[31m'],
  ['a\u200Bb\uFEFFc', 'a‹U+200B›b‹U+FEFF›c'],
  ['tag\u{E0041}', 'tag‹U+E0041›'],
  ['\u2066x\u2069', '‹U+2066›x‹U+2069›'],
  ['one\r\ntwo\tx', 'one‹U+000D›‹U+000A›two‹U+0009›x'],
  ['<script>alert(1)</script>', '<script>alert(1)</script>'],
])('%j on one line is %s', (text, shown) => {
  expect(visibleString(text)).toBe(shown);
  expect(
    visibleParts(text)
      .map((part) => part.text)
      .join(''),
  ).toBe(shown);
});

it('keeps line ends and tabs where lines are shown, but not a lone carriage return', () => {
  const shown = visibleParts('a\r\nb\tc\rd', true);
  expect(shown).toEqual([
    { text: 'a\r\nb\tc' },
    { text: '‹U+000D›', mark: true, name: 'carriage return' },
    { text: 'd' },
  ]);
});
