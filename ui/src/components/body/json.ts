/**
 * Reads JSON for showing it: keeps every spelling and every duplicate key, because what a stranger sent is shown as it
 * was sent. A value is a number into flat typed arrays, in document order, with its place in the source; there is no
 * object per value, so that 100,000 of them cost little, and nothing here recurses, so that depth costs nothing.
 *
 * Deliberately absent: JSON5, comments, repairs. What RFC 8259 does not allow is an error with its place.
 */

/** What a value is. */
export enum Kind {
  Object,
  Array,
  String,
  Number,
  True,
  False,
  Null,
}

/** More values than this are not made into a tree: 34 bytes each would be over 100 MB. */
export const MAX_VALUES = 3_000_000;

/** Where and why a text is not JSON. */
export interface JsonError {
  /** In UTF-16 units from the start. */
  offset: number;
  /** From 1. */
  line: number;
  /** From 1, in characters (Unicode scalar values). */
  column: number;
  /** A clause such as "a comma or ] was expected, found }". */
  message: string;
  /** The text may be valid, but holds more than `MAX_VALUES` values. */
  tooMany: boolean;
}

/** A document that was read. Value 0 is the root. */
export interface JsonDoc {
  source: string;
  /** How many values. */
  count: number;
  kind: Uint8Array;
  /** Where the value starts and ends (exclusive) in the source. */
  start: Uint32Array;
  end: Uint32Array;
  /** Where its key starts, opening quote included; 0 for an array's item and the root (a key is never at 0). */
  keyStart: Uint32Array;
  keyEnd: Uint32Array;
  parent: Int32Array;
  /** 0 for the root. */
  depth: Uint32Array;
  /** The value after the last one inside this one: `next - index - 1` values are inside. */
  next: Uint32Array;
  /** Direct children. */
  children: Uint32Array;
  /** Its place among its siblings. */
  position: Uint32Array;
}

export type JsonResult = { doc: JsonDoc } | { error: JsonError };

/** Grows the arrays together; doubling keeps the whole at linear cost. */
class Builder {
  count = 0;
  kind = new Uint8Array(256);
  start = new Uint32Array(256);
  end = new Uint32Array(256);
  keyStart = new Uint32Array(256);
  keyEnd = new Uint32Array(256);
  parent = new Int32Array(256);
  depth = new Uint32Array(256);
  next = new Uint32Array(256);
  children = new Uint32Array(256);
  position = new Uint32Array(256);

  add(kind: Kind, start: number, keyStart: number, keyEnd: number, parent: number): number {
    const index = this.count;
    if (index === this.kind.length) this.grow();
    this.count = index + 1;
    this.kind[index] = kind;
    this.start[index] = start;
    this.keyStart[index] = keyStart;
    this.keyEnd[index] = keyEnd;
    this.parent[index] = parent;
    this.next[index] = index + 1;
    if (parent >= 0) {
      this.depth[index] = at(this.depth, parent) + 1;
      this.position[index] = at(this.children, parent);
      this.children[parent] = at(this.children, parent) + 1;
    }
    return index;
  }

  private grow(): void {
    const size = this.kind.length * 2;
    const wider = (old: Uint32Array): Uint32Array<ArrayBuffer> => {
      const fresh = new Uint32Array(size);
      fresh.set(old);
      return fresh;
    };
    const kind = new Uint8Array(size);
    kind.set(this.kind);
    this.kind = kind;
    const parent = new Int32Array(size);
    parent.set(this.parent);
    this.parent = parent;
    this.start = wider(this.start);
    this.end = wider(this.end);
    this.keyStart = wider(this.keyStart);
    this.keyEnd = wider(this.keyEnd);
    this.depth = wider(this.depth);
    this.next = wider(this.next);
    this.children = wider(this.children);
    this.position = wider(this.position);
  }
}

/** An element that is known to be there. */
export function at(array: Uint32Array | Int32Array | Uint8Array, index: number): number {
  return array[index] ?? 0;
}

class Fault extends Error {
  constructor(
    readonly offset: number,
    message: string,
    readonly tooMany = false,
  ) {
    super(message);
  }
}

const HEX_DIGITS = /^[0-9a-fA-F]{4}$/;

/** Reads a text; a byte order mark at its start is passed over. */
export function readJson(source: string): JsonResult {
  try {
    return { doc: read(source) };
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    return { error: { ...place(source, fault.offset), message: fault.message, tooMany: fault.tooMany } };
  }
}

function read(source: string): JsonDoc {
  const out = new Builder();
  let i = skip(source, source.charCodeAt(0) === 0xfeff ? 1 : 0);
  if (i >= source.length) throw new Fault(i, 'there is no value');
  let open = -1;
  let keyStart = 0;
  let keyEnd = 0;
  for (;;) {
    // Here a value starts.
    if (out.count >= MAX_VALUES) {
      throw new Fault(i, `there are more than ${MAX_VALUES.toLocaleString('en')} values`, true);
    }
    const code = source.charCodeAt(i);
    let closed = false;
    if (code === 0x7b || code === 0x5b) {
      open = out.add(code === 0x7b ? Kind.Object : Kind.Array, i, keyStart, keyEnd, open);
      i = skip(source, i + 1);
      if (source.charCodeAt(i) === code + 2) {
        i += 1;
        closed = true;
      }
    } else {
      const kind = scalarKind(source, i);
      const index = out.add(kind, i, keyStart, keyEnd, open);
      out.end[index] = i = scalarEnd(source, i, kind);
    }
    // Here a value ended, or a container was opened.
    for (;;) {
      if (closed) {
        out.end[open] = i;
        out.next[open] = out.count;
        open = at(out.parent, open);
      } else if (open >= 0 && at(out.children, open) === 0) {
        break;
      }
      i = skip(source, i);
      if (open < 0) {
        if (i < source.length)
          throw new Fault(i, `nothing may follow the end of the document, and here is ${found(source, i)}`);
        return { source, ...out };
      }
      const close = at(out.kind, open) === Kind.Object ? 0x7d : 0x5d;
      const here = source.charCodeAt(i);
      if (here === 0x2c) {
        i = skip(source, i + 1);
        if (source.charCodeAt(i) === close) throw new Fault(i, 'a comma before the end is not allowed');
        break;
      }
      if (here !== close) {
        throw new Fault(i, `a comma or ${String.fromCharCode(close)} was expected, found ${found(source, i)}`);
      }
      i += 1;
      closed = true;
    }
    keyStart = 0;
    keyEnd = 0;
    if (at(out.kind, open) === Kind.Object) {
      if (source.charCodeAt(i) !== 0x22) throw new Fault(i, `a key in quotes was expected, found ${found(source, i)}`);
      keyStart = i;
      keyEnd = i = string(source, i);
      i = skip(source, i);
      if (source.charCodeAt(i) !== 0x3a) throw new Fault(i, `a colon was expected, found ${found(source, i)}`);
      i = skip(source, i + 1);
    }
  }
}

function scalarKind(source: string, i: number): Kind {
  switch (source.charCodeAt(i)) {
    case 0x22:
      return Kind.String;
    case 0x74:
      if (source.startsWith('true', i)) return Kind.True;
      break;
    case 0x66:
      if (source.startsWith('false', i)) return Kind.False;
      break;
    case 0x6e:
      if (source.startsWith('null', i)) return Kind.Null;
      break;
    default:
      if (isDigit(source.charCodeAt(i)) || (source.charAt(i) === '-' && isDigit(source.charCodeAt(i + 1)))) {
        return Kind.Number;
      }
  }
  throw new Fault(i, `a value was expected, found ${found(source, i)}`);
}

function scalarEnd(source: string, i: number, kind: Kind): number {
  if (kind === Kind.String) return string(source, i);
  if (kind === Kind.Number) return number(source, i);
  return i + (kind === Kind.False ? 5 : 4);
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function digits(source: string, from: number): number {
  let i = from;
  while (isDigit(source.charCodeAt(i))) i += 1;
  return i;
}

/** From its first character, which was looked at, to after its last. */
function number(source: string, start: number): number {
  const first = source.charAt(start) === '-' ? start + 1 : start;
  let i = source.charAt(first) === '0' ? first + 1 : digits(source, first);
  if (isDigit(source.charCodeAt(i))) throw new Fault(i, NOT_A_NUMBER);
  if (source.charCodeAt(i) === 0x2e) {
    const end = digits(source, i + 1);
    if (end === i + 1) throw new Fault(i, NOT_A_NUMBER);
    i = end;
  }
  const code = source.charCodeAt(i);
  if (code === 0x65 || code === 0x45) {
    const sign = source.charCodeAt(i + 1);
    const from = sign === 0x2b || sign === 0x2d ? i + 2 : i + 1;
    const end = digits(source, from);
    if (end === from) throw new Fault(i, NOT_A_NUMBER);
    i = end;
  }
  return i;
}

const NOT_A_NUMBER = 'a number is not written like this in JSON';

/** From the opening quote to after the closing one. */
function string(source: string, start: number): number {
  for (let i = start + 1; i < source.length; i += 1) {
    const code = source.charCodeAt(i);
    if (code === 0x22) return i + 1;
    if (code < 0x20) throw new Fault(i, `${found(source, i)} must be escaped in a string`);
    if (code !== 0x5c) continue;
    const escape = source.charAt(i + 1);
    if (escape === 'u' && HEX_DIGITS.test(source.slice(i + 2, i + 6))) i += 5;
    else if (escape !== '' && '"\\/bfnrt'.includes(escape)) i += 1;
    else if (escape !== '') throw new Fault(i, 'this is not an escape that JSON knows');
  }
  throw new Fault(start, 'this string has no closing quote');
}

function skip(source: string, from: number): number {
  let i = from;
  for (;;) {
    const code = source.charCodeAt(i);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return i;
    i += 1;
  }
}

/** What stands there, in words. */
function found(source: string, i: number): string {
  const code = source.codePointAt(i);
  if (code === undefined) return 'the end';
  if (code < 0x21 || (code >= 0x7f && code < 0xa1) || code > 0x2000) {
    return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  }
  return String.fromCodePoint(code);
}

/** Line and column of an offset; `\n`, `\r\n` and `\r` end a line. */
export function place(source: string, offset: number): { offset: number; line: number; column: number } {
  let line = 1;
  let from = 0;
  for (let i = 0; i < offset; i += 1) {
    const code = source.charCodeAt(i);
    if (code === 0x0a || (code === 0x0d && source.charCodeAt(i + 1) !== 0x0a)) {
      line += 1;
      from = i + 1;
    }
  }
  let column = 1;
  for (let i = from; i < offset; column += 1) i += (source.codePointAt(i) ?? 0) > 0xffff ? 2 : 1;
  return { offset, line, column };
}

/** The characters of a JSON string, given with its quotes. A lone surrogate stays one. */
export function unquote(text: string): string {
  // Its grammar was checked by `readJson`, so that this cannot throw.
  return JSON.parse(text) as string;
}

/** A value as it was sent. */
export function sourceOf(doc: JsonDoc, index: number): string {
  return doc.source.slice(at(doc.start, index), at(doc.end, index));
}

/** A key's characters, an item's position, or nothing for the root. */
export function keyOf(doc: JsonDoc, index: number): string | number | null {
  if (at(doc.keyStart, index) > 0) return unquote(doc.source.slice(at(doc.keyStart, index), at(doc.keyEnd, index)));
  return index === 0 ? null : at(doc.position, index);
}

/** The JSON Pointer (RFC 6901) of a value; the root's is empty. Duplicate keys have the same one. */
export function pointerOf(doc: JsonDoc, index: number): string {
  const parts: string[] = [];
  for (let i = index; i > 0; i = doc.parent[i] ?? -1) {
    parts.push(String(keyOf(doc, i)).replaceAll('~', '~0').replaceAll('/', '~1'));
  }
  return parts
    .reverse()
    .map((part) => `/${part}`)
    .join('');
}

/** Whether it has an inside. */
export function isContainer(doc: JsonDoc, index: number): boolean {
  return at(doc.kind, index) <= Kind.Array;
}
