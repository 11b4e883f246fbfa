import { describe, expect, it } from 'vitest';
import { format, minify } from './format';
import { readJson } from './json';

function doc(text: string) {
  const read = readJson(text);
  if (!('doc' in read)) throw new Error(read.error.message);
  return read.doc;
}

describe.each([
  [
    'numbers keep their spelling',
    '[1.0,1e5,-0,12345678901234567890,0.10]',
    '[\n  1.0,\n  1e5,\n  -0,\n  12345678901234567890,\n  0.10\n]',
  ],
  ['strings keep their escapes', '{"\\u0061":"\\/ é\\n"}', '{\n  "\\u0061": "\\/ é\\n"\n}'],
  ['duplicate keys stay', '{"a":1,"a":2}', '{\n  "a": 1,\n  "a": 2\n}'],
  ['empty containers stay on their line', '{"a":[],"b":{}}', '{\n  "a": [],\n  "b": {}\n}'],
  ['white space inside strings stays', '{"a b":" , : "}', '{\n  "a b": " , : "\n}'],
  [
    'containers in containers',
    '[[1,[2]],{"a":[{"b":null}]},true]',
    '[\n  [\n    1,\n    [\n      2\n    ]\n  ],\n  {\n    "a": [\n      {\n        "b": null\n      }\n    ]\n  },\n  true\n]',
  ],
  ['a bare value', '"x"', '"x"'],
])('%s', (_, small, large) => {
  it('formatted', () => expect(format(doc(small))).toBe(large));
  it('minified', () => expect(minify(doc(large))).toBe(small));
  it('minified twice', () => expect(minify(doc(small))).toBe(small));
});

it('reads any white space away', () => {
  expect(minify(doc(' \t{\r\n"a" :\t[ 1 ,\n2 ] } \n'))).toBe('{"a":[1,2]}');
});
