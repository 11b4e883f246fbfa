import { describe, expect, it } from 'vitest';
import { changedFrom, changedLines, COMPARE_UP_TO, formsOf } from './changed';

describe('changed lines', () => {
  it.each([
    ['nothing', 'a\nb', 'a\nb', []],
    ['a number', '{\n  "pages": 8,\n}', '{\n  "pages": 9000,\n}', [[2, 'was 8']]],
    ['a word of a string', '"Old name"', '"New name"', [[1, 'was "Old']]],
    ['a key', '{"a":1}', '{"b":1}', [[1, 'was "a"']]],
    [
      'two lines, each by itself',
      'a: 1\nx\nb: 2',
      'a: 3\nx\nb: 4',
      [
        [1, 'was 1'],
        [3, 'was 2'],
      ],
    ],
    ['a line that is new', 'a\nc', 'a\nb\nc', [[2, 'new']]],
    ['a line that is gone', 'a\nb\nc', 'a\nc', [[2, 'a line was here']]],
    ['lines that are gone from the end', 'a\nb\nc', 'a', [[1, '2 lines were here']]],
    ['one gone and one changed', 'a\nb\nc: 1\nd', 'a\nc: 2\nd', [[2, 'new']]],
    ['all of it from empty', '', 'a', [[1, 'was empty']]],
    ['what was long', `"${'x'.repeat(100)}"`, '""', [[1, `was "${'x'.repeat(59)}…`]]],
  ])('%s', (_, original, current, changed) => {
    expect(changedLines(original, current).map(({ line, words }) => [line, words])).toEqual(changed);
  });
});

describe('against the nearest form of the original', () => {
  const MINIFIED = '{"id":"evt_1","pages":8}';
  it.each([
    ['as it is', MINIFIED, '{"id":"evt_1","pages":9}', [[1, 'was 8']]],
    ['formatted', MINIFIED, '{\n  "id": "evt_1",\n  "pages": 9\n}', [[3, 'was 8']]],
    ['formatted and not changed', MINIFIED, '{\n  "id": "evt_1",\n  "pages": 8\n}', []],
    ['minified', '{\n  "id": 1.0,\n  "b": 2\n}', '{"id":1.0,"b":3}', [[1, 'was 2']]],
  ])('%s', (_, original, current, changed) => {
    expect(changedFrom(formsOf(original), current).map(({ line, words }) => [line, words])).toEqual(changed);
  });

  it('does not compare what would take long', () => {
    expect(changedFrom(['a'], 'b'.repeat(COMPARE_UP_TO + 1))).toEqual([]);
  });
});
