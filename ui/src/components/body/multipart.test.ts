import { describe, expect, it } from 'vitest';
import { type Multipart, parameter, splitMultipart } from './multipart';

/** One byte a character, so that binary content can be written in a row. */
const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

function read(body: string): { contents: string[]; result: Multipart } {
  const bytes = latin1(body);
  const result = splitMultipart(bytes, 'XX');
  return { result, contents: result.parts.map((part) => String.fromCharCode(...bytes.subarray(part.start, part.end))) };
}

describe('splitMultipart', () => {
  it.each([
    ['two parts', '--XX\r\nA: 1\r\n\r\none\r\n--XX\r\n\r\ntwo\r\n--XX--\r\n', ['one', 'two'], []],
    ['line ends of LF alone', '--XX\nA: 1\n\none\n--XX--\n', ['one'], []],
    ['the content keeps its own line ends', '--XX\r\n\r\n\r\na\r\n\r\n--XX--', ['\r\na\r\n'], []],
    ['binary content', '--XX\r\n\r\n\x00\xff--XX\r\x80\r\n--XX--', ['\x00\xff--XX\r\x80'], []],
    ['a longer boundary is another', '--XX\r\n\r\na\r\n--XXY\r\nb\r\n--XX--', ['a\r\n--XXY\r\nb'], []],
    ['a boundary in the middle of a line is content', '--XX\r\n\r\nab--XX\r\nc\r\n--XX--', ['ab--XX\r\nc'], []],
    ['an empty part', '--XX\r\n\r\n\r\n--XX--', [''], []],
    ['white space after the boundary', '--XX \t\r\n\r\na\r\n--XX-- \r\n', ['a'], []],
    [
      'no final boundary',
      '--XX\r\n\r\na\r\n--XX\r\n\r\nb',
      ['a', 'b'],
      ['The final boundary is missing: the body may have been cut.'],
    ],
    [
      'text around',
      'hello\r\n--XX\r\n\r\na\r\n--XX--\r\nbye',
      ['a'],
      ['5 bytes before the first boundary belong to no part.', '3 bytes after the final boundary belong to no part.'],
    ],
    ['another boundary', '--YY\r\n\r\na\r\n--YY--', [], ['The boundary that Content-Type names is not in the body.']],
    ['headers without end', '--XX\r\nA: 1\r\n--XX--', [''], ["A part's headers do not end with an empty line."]],
  ])('%s', (_name, body, contents, problems) => {
    const { result, contents: got } = read(body);
    expect(got).toEqual(contents);
    expect(result.problems).toEqual(problems);
  });

  it('headers in order, name, file name and type', () => {
    const { result } = read(
      '--XX\r\nContent-Disposition: form-data; name="a b"; filename="x\\"y.PNG"\r\nContent-TYPE: Image/PNG; q=1\r\nX-A: 1\r\n  2\r\n\r\n.\r\n--XX--',
    );
    expect(result.parts[0]).toMatchObject({
      name: 'a b',
      filename: 'x"y.PNG',
      contentType: 'image/png',
      headers: [
        { name: 'Content-Disposition', value: 'form-data; name="a b"; filename="x\\"y.PNG"' },
        { name: 'Content-TYPE', value: 'Image/PNG; q=1' },
        { name: 'X-A', value: '1 2' },
      ],
    });
  });
});

it.each([
  ['plain', 'multipart/form-data; boundary=XX', 'XX'],
  ['quoted', 'multipart/form-data; charset=utf-8; Boundary="a;b c"', 'a;b c'],
  ['white space', 'multipart/form-data ; boundary = XX ; a=b', 'XX'],
  ['none', 'multipart/form-data', null],
  ['another name that ends the same', 'a/b; xboundary=1', null],
])('parameter: %s', (_name, value, expected) => {
  expect(parameter(value, 'boundary')).toBe(expected);
});
