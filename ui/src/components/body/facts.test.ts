import { describe, expect, it } from 'vitest';
import { bodyFacts, claimsJson, modesFor, readText } from './facts';
import { inflate } from './inflate';
import { fromScroll, MAX_HEIGHT, toScroll } from './virtual';

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

describe('what is said of the bytes', () => {
  it.each([
    ['plain', utf8('{"a":1}'), null, []],
    [
      'byte order mark',
      utf8('\ufeff{}'),
      null,
      ['Starts with a byte order mark (EF BB BF): it is part of what is signed.'],
    ],
    ['CRLF', utf8('a\r\nb'), null, ['Line ends are CRLF.']],
    ['mixed line ends', utf8('a\r\nb\nc'), null, ['Line ends are mixed: 1 CRLF, 1 LF.']],
    ['line end at the end', utf8('a\n'), null, ['Ends with a line end: it is part of what is signed.']],
    ['NUL', utf8('a\0'), null, ['Holds NUL bytes.']],
    [
      'not UTF-8',
      Uint8Array.of(0x61, 0xff),
      'application/json',
      ['Not UTF-8: bytes that cannot be read stand as U+FFFD here. Hex shows them.'],
    ],
    ['not UTF-8, and not said to be text', Uint8Array.of(0x61, 0xff), 'application/zip', []],
    [
      'another charset',
      Uint8Array.of(0xe9),
      'text/plain; charset=iso-8859-1',
      ['Read as windows-1252, as Content-Type says.'],
    ],
    [
      'an unknown charset',
      utf8('a'),
      'text/plain; charset=klingon',
      ['The charset “klingon” is not known: read as UTF-8.'],
    ],
  ])('%s', (_name, bytes, contentType, words) => {
    expect(bodyFacts(bytes, readText(bytes, contentType), contentType).map((fact) => fact.words)).toEqual(words);
  });

  it('the byte order mark stays in the text', () => {
    expect(readText(utf8('\ufeffa'), null).text).toBe('\ufeffa');
  });
});

describe('the views that fit', () => {
  const shape = { mediaType: 'text/plain', hasBoundary: false, validText: true, claimsJson: false, isJson: false };
  it.each([
    ['text', shape, ['raw', 'hex'], 'raw'],
    ['bytes', { ...shape, validText: false }, ['raw', 'hex'], 'hex'],
    ['JSON', { ...shape, claimsJson: true, isJson: true }, ['tree', 'pretty', 'raw', 'hex'], 'tree'],
    ['broken JSON', { ...shape, claimsJson: true }, ['tree', 'pretty', 'raw', 'hex'], 'raw'],
    ['image', { ...shape, mediaType: 'image/png', validText: false }, ['image', 'raw', 'hex'], 'image'],
    ['SVG is text', { ...shape, mediaType: 'image/svg+xml' }, ['raw', 'hex'], 'raw'],
    ['parts', { ...shape, mediaType: 'multipart/form-data', hasBoundary: true }, ['parts', 'raw', 'hex'], 'parts'],
    ['parts without boundary', { ...shape, mediaType: 'multipart/form-data' }, ['raw', 'hex'], 'raw'],
    ['form', { ...shape, mediaType: 'application/x-www-form-urlencoded' }, ['form', 'raw', 'hex'], 'form'],
  ])('%s', (_name, one, modes, best) => {
    expect(modesFor(one)).toEqual({ modes, best });
  });

  it.each([
    ['application/json', '12', true],
    ['application/problem+json', 'x', true],
    ['text/plain', ' \r\n{', true],
    [null, '\ufeff[', true],
    [null, '12', false],
  ])('claims JSON: %s %j', (mediaType, text, expected) => {
    expect(claimsJson(mediaType, text)).toBe(expected);
  });
});

describe('decompression', () => {
  const compress = async (
    bytes: Uint8Array<ArrayBuffer>,
    format: CompressionFormat,
  ): Promise<Uint8Array<ArrayBuffer>> =>
    new Uint8Array(
      await new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream(format))).arrayBuffer(),
    );
  const text = utf8('hello '.repeat(1000));

  it.each([
    ['gzip', 'gzip', ['gzip']],
    ['zlib', 'deflate', ['deflate']],
    ['bare deflate', 'deflate-raw', ['deflate']],
  ] as const)('%s', async (_name, format, encodings) => {
    expect(await inflate(await compress(text, format), [...encodings])).toEqual({
      bytes: text,
      cut: false,
      problem: null,
    });
  });

  it('twice, the last encoding first', async () => {
    const twice = await compress(await compress(text, 'gzip'), 'deflate');
    expect((await inflate(twice, ['gzip', 'deflate'])).bytes).toEqual(text);
  });

  it('stops at the limit', async () => {
    const result = await inflate(await compress(text, 'gzip'), ['gzip'], 100);
    expect([result.bytes.length, result.cut]).toEqual([100, true]);
  });

  it('damage is said', async () => {
    const result = await inflate(utf8('not gzip'), ['gzip']);
    expect([result.bytes.length, result.problem]).toEqual([0, 'The compressed data is damaged or was cut.']);
  });
});

it('a list higher than an element can be reaches its end, and a low one is not scaled', () => {
  expect(fromScroll(MAX_HEIGHT - 600, 33_000_000, 600)).toBe(33_000_000 - 600);
  expect(toScroll(33_000_000 - 600, 33_000_000, 600)).toBe(MAX_HEIGHT - 600);
  expect(fromScroll(1234, 5000, 600)).toBe(1234);
});
