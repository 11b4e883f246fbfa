import { expect, it } from 'vitest';
import type { LineHunk, TextLine } from '../../bindings';
import { hexCells, middles, runs, sideBySide } from './rows';

const line = (text: string, end: TextLine['end'] = 'lf'): TextLine => ({ text, end });

it('lines stand beside each other with their own numbers, and ends are named where they differ', () => {
  const hunks: LineHunk[] = [
    { kind: 'folded', a_line: 1, b_line: 1, count: 9, rows: [] },
    { kind: 'equal', a_line: 10, b_line: 10, count: 1, rows: [{ a: line('same'), b: line('same') }] },
    {
      kind: 'changed',
      a_line: 11,
      b_line: 11,
      count: 2,
      rows: [
        { a: line('x', 'cr_lf'), b: line('x') },
        { a: null, b: line('y') },
      ],
    },
    { kind: 'removed', a_line: 12, b_line: 13, count: 1, rows: [{ a: line('z', 'none'), b: null }] },
  ];
  const numbered = (number: number, text: string, end = '') => ({ number, text, end });
  expect(sideBySide(hunks)).toEqual([
    { kind: 'folded', key: 'f1', count: 9, line: 1 },
    { kind: 'equal', key: '10 10', a: numbered(10, 'same'), b: numbered(10, 'same') },
    { kind: 'changed', key: '11 11', a: numbered(11, 'x', 'CR LF'), b: numbered(11, 'x', 'LF') },
    { kind: 'added', key: ' 12', a: null, b: numbered(12, 'y') },
    { kind: 'removed', key: '12 ', a: numbered(12, 'z'), b: null },
  ]);
});

it.each([
  ['one two', 'one 2', ['one ', 'two', ''], ['one ', '2', '']],
  ['aXa', 'aYa', ['a', 'X', 'a'], ['a', 'Y', 'a']],
  ['aa', 'aaa', ['aa', '', ''], ['aa', 'a', '']],
  ['a😀', 'a😁', ['a', '😀', ''], ['a', '😁', '']],
  ['', 'x', ['', '', ''], ['', 'x', '']],
] as const)('%s and %s differ in the middle', (a, b, x, y) => expect(middles(a, b)).toEqual([x, y]));

it('bytes are joined into runs, and what is missing differs', () => {
  const row = { offset: 0, a: [0x41, 0x00], b: [0x41, 0x42, 0x43] };
  const all = (side: 'a' | 'b') =>
    runs(hexCells(row, side)).map(({ hex, characters, differs }) => [hex.trim(), characters.trim(), differs]);
  expect(all('a')).toEqual([
    ['41', 'A', false],
    ['00', '·', true],
    ['', '', false],
  ]);
  expect(all('b')).toEqual([
    ['41', 'A', false],
    ['42 43', 'BC', true],
    ['', '', false],
  ]);
});
