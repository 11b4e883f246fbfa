import { describe, expect, it } from 'vitest';
import { asciiText, hexColumn, hexOf, hexText, moveCursor, offsetText, parseOffset, rowCount } from './hex';

const bytes = Uint8Array.from({ length: 20 }, (_, i) => i + 0x70);

describe('rows', () => {
  it('a full row, with a gap in the middle', () => {
    expect(hexText(bytes, 0)).toBe('70 71 72 73 74 75 76 77  78 79 7a 7b 7c 7d 7e 7f');
    expect(asciiText(bytes, 0)).toBe('pqrstuvwxyz{|}~.');
    expect(hexText(bytes, 0).slice(hexColumn(8), hexColumn(8) + 2)).toBe('78');
    expect(hexText(bytes, 0).slice(hexColumn(7), hexColumn(7) + 2)).toBe('77');
  });

  it('a short last row', () => {
    expect([offsetText(1), hexText(bytes, 1), asciiText(bytes, 1)]).toEqual(['00000010', '80 81 82 83', '....']);
  });

  it.each([
    [0, 0],
    [1, 1],
    [16, 1],
    [17, 2],
    [26_214_400, 1_638_400],
  ])('%i bytes are %i rows', (length, rows) => {
    expect(rowCount(length)).toBe(rows);
  });

  it('control characters and bytes over 7f do not print', () => {
    expect(asciiText(Uint8Array.from([0, 0x1b, 0x20, 0x7f, 0xe2]), 0)).toBe('.. ..');
  });

  it('all of it for the clipboard', () => {
    expect(hexOf(Uint8Array.from([0, 255, 16]))).toBe('00ff10');
  });
});

describe('offsets as typed', () => {
  it.each([
    ['19', 19],
    ['20', null],
    ['0x10', 16],
    [' 0XA ', 10],
    ['10h', 16],
    ['-1', null],
    ['', null],
    ['1e1', null],
  ])('%j', (text, offset) => {
    expect(parseOffset(text, 20)).toBe(offset);
  });
});

describe('keys', () => {
  it.each([
    ['right', 3, 'ArrowRight', false, 4],
    ['right at the end stays', 39, 'ArrowRight', false, 39],
    ['left at the start stays', 0, 'ArrowLeft', false, 0],
    ['down', 3, 'ArrowDown', false, 19],
    ['down where there is no byte below stays', 30, 'ArrowDown', false, 30],
    ['up in the first row stays', 3, 'ArrowUp', false, 3],
    ['page up to the first row keeps the column', 20, 'PageUp', false, 4],
    ['home of the row', 20, 'Home', false, 16],
    ['end of a short row', 33, 'End', false, 39],
    ['first', 20, 'Home', true, 0],
    ['last', 20, 'End', true, 39],
    ['another key', 20, 'x', false, null],
  ])('%s', (_name, cursor, key, ctrl, expected) => {
    expect(moveCursor(cursor, key, ctrl, 40, 10)).toBe(expected);
  });
});
