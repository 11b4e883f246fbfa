/** Writes a document that was read, one value a line or all on one; every number and string is spelled as it was sent. */
import { at, isContainer, type JsonDoc, Kind } from './json';

/**
 * Deeper levels are not indented further: at 10,000 levels the white space alone would be 200 MB.
 */
export const DEEPEST_INDENT = 40;

/** Values between two pauses: some ten milliseconds of work. */
const PER_PIECE = 50_000;

/** The text, two spaces a level; the line end is `\n`. Empty containers stay on their line. */
export function format(doc: JsonDoc): string {
  return [...formatPieces(doc)].join('');
}

/** The same in pieces, so that the window can draw between them: 25 MB take seconds in all. */
export function* formatPieces(doc: JsonDoc): Generator<string, void> {
  const pads = Array.from({ length: DEEPEST_INDENT + 1 }, (_, depth) => '  '.repeat(depth));
  const pad = (depth: number): string => pads[Math.min(depth, DEEPEST_INDENT)] ?? '';
  const closing = (index: number): string => (at(doc.kind, index) === Kind.Object ? '}' : ']');
  // Adding to one string is several times as fast as joining the millions of pieces of a large body.
  let out = '';
  // The open containers, innermost last.
  const open: number[] = [];
  for (let i = 0; i < doc.count; i += 1) {
    if (i > 0 && i % PER_PIECE === 0) {
      yield out;
      out = '';
    }
    closeBefore(i);
    if (i > 0) out += (at(doc.position, i) > 0 ? ',\n' : '\n') + pad(at(doc.depth, i));
    const key = at(doc.keyStart, i);
    if (key > 0) out += `${doc.source.slice(key, at(doc.keyEnd, i))}: `;
    if (!isContainer(doc, i)) {
      out += doc.source.slice(at(doc.start, i), at(doc.end, i));
    } else {
      out += at(doc.kind, i) === Kind.Object ? '{' : '[';
      if (at(doc.children, i) === 0) out += closing(i);
      else open.push(i);
    }
  }
  closeBefore(doc.count);
  yield out;

  function closeBefore(index: number): void {
    for (let last = open.at(-1); last !== undefined && at(doc.next, last) <= index; last = open.at(-1)) {
      open.pop();
      out += `\n${pad(at(doc.depth, last))}${closing(last)}`;
    }
  }
}

/** The text on one line, without white space between its parts. A byte order mark is not part of it. */
export function minify(doc: JsonDoc): string {
  const { source } = doc;
  let out = '';
  const open: number[] = [];
  for (let i = 0; i < doc.count; i += 1) {
    closeBefore(i);
    if (at(doc.position, i) > 0) out += ',';
    const key = at(doc.keyStart, i);
    if (key > 0) out += `${source.slice(key, at(doc.keyEnd, i))}:`;
    if (!isContainer(doc, i)) out += source.slice(at(doc.start, i), at(doc.end, i));
    else {
      out += at(doc.kind, i) === Kind.Object ? '{' : '[';
      open.push(i);
    }
  }
  closeBefore(doc.count);
  return out;

  function closeBefore(index: number): void {
    for (let last = open.at(-1); last !== undefined && at(doc.next, last) <= index; last = open.at(-1)) {
      open.pop();
      out += at(doc.kind, last) === Kind.Object ? '}' : ']';
    }
  }
}
