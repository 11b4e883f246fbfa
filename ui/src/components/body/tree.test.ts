import { describe, expect, it } from 'vitest';
import { type JsonDoc, pointerOf, readJson } from './json';
import { collapsedFrom, duplicates, firstDepth, rowOf, scalarStart, step, visibleRows } from './tree';

function read(source: string): JsonDoc {
  const result = readJson(source);
  if ('error' in result) throw new Error(result.error.message);
  return result.doc;
}

const doc = read('{"a":[1,2],"b":{"c":{"d":3}},"e":[]}');
const open = new Uint8Array(doc.count);

describe('rows', () => {
  it.each([
    [0, ['']],
    [1, ['', '/a', '/b', '/e']],
    [2, ['', '/a', '/a/0', '/a/1', '/b', '/b/c', '/e']],
    [9, ['', '/a', '/a/0', '/a/1', '/b', '/b/c', '/b/c/d', '/e']],
  ])('open to depth %i', (depth, pointers) => {
    const rows = visibleRows(doc, collapsedFrom(doc, depth));
    expect([...rows].map((index) => pointerOf(doc, index))).toEqual(pointers);
  });

  it('a hidden value is found at its nearest row', () => {
    const rows = visibleRows(doc, collapsedFrom(doc, 1));
    expect(rowOf(rows, 6)).toBe(2);
  });

  it('a large document opens as far as it stays readable', () => {
    expect(firstDepth(doc)).toBe(3);
    expect(firstDepth(read(`[${'[1,2],'.repeat(999)}0]`))).toBe(1);
    expect(firstDepth(read(`[${'[1,2],'.repeat(50)}0]`))).toBe(2);
  });
});

describe('keys', () => {
  const rows = visibleRows(doc, open);
  it.each([
    ['down', 0, 'ArrowDown', { row: 1 }],
    ['down at the end stays', 7, 'ArrowDown', { row: 7 }],
    ['right goes in', 1, 'ArrowRight', { row: 2 }],
    ['right on a leaf does nothing', 2, 'ArrowRight', null],
    ['left on a leaf goes out', 3, 'ArrowLeft', { row: 1 }],
    ['left on an open one closes', 1, 'ArrowLeft', { toggle: 1 }],
    ['left on an empty one goes out', 7, 'ArrowLeft', { row: 0 }],
    ['a page', 1, 'PageDown', { row: 5 }],
    ['end', 1, 'End', { row: 7 }],
    ['another key', 1, 'a', null],
  ])('%s', (_name, row, key, expected) => {
    expect(step(doc, rows, open, row, key, 4)).toEqual(expected);
  });

  it('right on a closed one opens', () => {
    const closed = collapsedFrom(doc, 1);
    expect(step(doc, visibleRows(doc, closed), closed, 1, 'ArrowRight', 4)).toEqual({ toggle: 1 });
  });
});

describe('what a row says', () => {
  it('keys that stand more than once in one object', () => {
    const twice = read('{"a":1,"b":{"a":1},"\\u0061":2,"c":[{"a":1},{"a":1}]}');
    expect([...duplicates(twice)].sort()).toEqual([1, 4]);
  });

  it.each([
    ['a short string without quotes', '"a\\nb"', { text: 'a\nb', cut: false }],
    ['a number as spelled', '1.0', { text: '1.0', cut: false }],
    ['a long number', '1'.repeat(200), { text: '1'.repeat(160), cut: true }],
    ['a long string', `"${'x'.repeat(200)}"`, { text: 'x'.repeat(159), cut: true }],
    ['a cut through an escape', `"${'x'.repeat(156)}\\u0041${'y'.repeat(50)}"`, { text: 'x'.repeat(156), cut: true }],
    [
      'a cut after a backslash pair',
      `"${'x'.repeat(157)}\\\\${'y'.repeat(50)}"`,
      { text: `${'x'.repeat(157)}\\`, cut: true },
    ],
    [
      'a cut inside a backslash pair',
      `"${'x'.repeat(158)}\\\\${'y'.repeat(50)}"`,
      { text: 'x'.repeat(158), cut: true },
    ],
  ])('%s', (_name, source, start) => {
    expect(scalarStart(read(source), 0)).toEqual(start);
  });
});
