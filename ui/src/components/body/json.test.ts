import { describe, expect, it } from 'vitest';
import { format } from './format';
import { at, type JsonDoc, keyOf, Kind, pointerOf, readJson, sourceOf, unquote } from './json';

function read(source: string): JsonDoc {
  const result = readJson(source);
  if ('error' in result) throw new Error(`${source}: ${result.error.message}`);
  return result.doc;
}

describe('what is read stays spelled as it was sent', () => {
  it.each([
    ['a fraction of zero', '1.0', Kind.Number],
    ['a number beyond a double', '1e400', Kind.Number],
    ['an integer beyond 2^53', '12345678901234567890', Kind.Number],
    ['negative zero', '-0', Kind.Number],
    ['an exponent with sign and capital', '1.50E+03', Kind.Number],
    ['an escape that is not needed', '"\\u0041"', Kind.String],
    ['a lone surrogate', '"\\ud800"', Kind.String],
    ['a slash with and without escape', '"\\/ /"', Kind.String],
    ['a literal', 'null', Kind.Null],
    ['white space inside', '[ ]', Kind.Array],
    ['an empty object', '{}', Kind.Object],
  ])('%s', (_name, source, kind) => {
    const doc = read(` ${source}\r\n`);
    expect(sourceOf(doc, 0)).toBe(source);
    expect(doc.kind[0]).toBe(kind);
    expect(doc.count).toBe(1);
  });

  it('duplicate keys are two values with one pointer', () => {
    const doc = read('{"a":1,"a":1.0}');
    expect([1, 2].map((i) => [keyOf(doc, i), sourceOf(doc, i), pointerOf(doc, i)])).toEqual([
      ['a', '1', '/a'],
      ['a', '1.0', '/a'],
    ]);
  });

  it('a byte order mark is passed over and offsets count it', () => {
    expect(read('\ufeff{"a":1}').start[0]).toBe(1);
  });

  it('structure: parents, children, the end of each inside', () => {
    const doc = read('{"a":[1,[2]],"b~/c":{}}');
    const rows = Array.from({ length: doc.count }, (_, i) => [
      pointerOf(doc, i),
      doc.parent[i],
      at(doc.children, i),
      at(doc.next, i),
      at(doc.depth, i),
    ]);
    expect(rows).toEqual([
      ['', -1, 2, 6, 0],
      ['/a', 0, 2, 5, 1],
      ['/a/0', 1, 0, 3, 2],
      ['/a/1', 1, 1, 5, 2],
      ['/a/1/0', 3, 0, 5, 3],
      ['/b~0~1c', 0, 0, 6, 1],
    ]);
  });

  it('10,000 levels and 100,000 values need no stack', () => {
    const deep = read('['.repeat(10_000) + ']'.repeat(10_000));
    expect([deep.count, at(deep.depth, 9_999)]).toEqual([10_000, 9_999]);
    expect(pointerOf(deep, 9_999)).toHaveLength(2 * 9_999);
    const wide = read(`[${'{"n":1},'.repeat(49_999)}0]`);
    expect([wide.count, at(wide.children, 0)]).toEqual([100_000, 50_000]);
  });

  it.each([
    ['escapes', '"a\\n\\"\\u00e9"', 'a\n"é'],
    ['a pair', '"\\ud83d\\ude00"', '😀'],
    ['a lone surrogate', '"x\\udc00"', 'x\udc00'],
    ['NUL', '"\\u0000"', '\0'],
  ])('unquote: %s', (_name, text, value) => {
    expect(unquote(text)).toBe(value);
  });
});

describe('errors say what and where', () => {
  it.each([
    ['nothing', '', 1, 1, 'there is no value'],
    ['only white space', ' \n ', 2, 2, 'there is no value'],
    ['a comma at the end', '[1,\n]', 2, 1, 'a comma before the end is not allowed'],
    ['a missing comma', '[1 2]', 1, 4, 'a comma or ] was expected, found 2'],
    ['the wrong bracket', '{"a":1]', 1, 7, 'a comma or } was expected, found ]'],
    ['cut in an array', '[1,', 1, 4, 'a value was expected, found the end'],
    ['cut in a string', '{"a":"b', 1, 6, 'this string has no closing quote'],
    ['a bare key', '{a:1}', 1, 2, 'a key in quotes was expected, found a'],
    ['no colon', '{"a" 1}', 1, 6, 'a colon was expected, found 1'],
    ['two documents', '{}\r\n{}', 2, 1, 'nothing may follow the end of the document, and here is {'],
    ['a leading zero', '[01]', 1, 3, 'a number is not written like this in JSON'],
    ['a number without fraction', '1.', 1, 2, 'a number is not written like this in JSON'],
    ['an exponent without digits', '1e+', 1, 2, 'a number is not written like this in JSON'],
    ['a lone minus', '[-]', 1, 2, 'a value was expected, found -'],
    ['a second point', '1.2.3', 1, 4, 'nothing may follow the end of the document, and here is .'],
    ['cut after a backslash', '"\\', 1, 1, 'this string has no closing quote'],
    ['a plus sign', '+1', 1, 1, 'a value was expected, found +'],
    ['NaN', '[NaN]', 1, 2, 'a value was expected, found N'],
    ['a bare line end in a string', '"a\nb"', 1, 3, 'U+000A must be escaped in a string'],
    ['an unknown escape', '"\\x"', 1, 2, 'this is not an escape that JSON knows'],
    ['a short unicode escape', '"\\u12"', 1, 2, 'this is not an escape that JSON knows'],
    ['columns count characters, not units', '["😀" x]', 1, 6, 'a comma or ] was expected, found x'],
    ['a single quote', "{'a':1}", 1, 2, "a key in quotes was expected, found '"],
  ])('%s', (_name, source, line, column, message) => {
    const result = readJson(source);
    expect('error' in result && [result.error.line, result.error.column, result.error.message]).toEqual([
      line,
      column,
      message,
    ]);
  });
});

describe('format', () => {
  it.each([
    [
      'spellings and duplicates stay',
      '{"a":1.0,"a":[1e400,"\\u0041"]}',
      '{\n  "a": 1.0,\n  "a": [\n    1e400,\n    "\\u0041"\n  ]\n}',
    ],
    ['empty containers stay on their line', '[{},[ ]]', '[\n  {},\n  []\n]'],
    ['several close at once', '[[[1]]]', '[\n  [\n    [\n      1\n    ]\n  ]\n]'],
    ['a scalar', ' 12 ', '12'],
  ])('%s', (_name, source, formatted) => {
    expect(format(read(source))).toBe(formatted);
  });

  it('deep levels are not indented without end', () => {
    expect(format(read('['.repeat(10_000) + ']'.repeat(10_000))).length).toBeLessThan(2_000_000);
  });
});
