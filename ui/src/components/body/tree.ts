/** Which rows of a JSON tree are to be seen, and what a key press does to them. No DOM here. */
import { at, isContainer, type JsonDoc, keyOf, Kind, unquote } from './json';

/** As many rows as a tree shows at first, at most (the root's children are always shown). */
const FIRST_ROWS = 300;

/** How deep a tree is open at first: as deep as it stays within `FIRST_ROWS` rows. */
export function firstDepth(doc: JsonDoc): number {
  // More levels than rows cannot be open, so that deeper ones need no count.
  const perDepth = new Uint32Array(FIRST_ROWS + 2);
  for (let i = 0; i < doc.count; i += 1) {
    const depth = at(doc.depth, i);
    if (depth < perDepth.length) perDepth[depth] = at(perDepth, depth) + 1;
  }
  let rows = at(perDepth, 0) + at(perDepth, 1);
  let depth = 1;
  for (; at(perDepth, depth + 1) > 0; depth += 1) {
    rows += at(perDepth, depth + 1);
    if (rows > FIRST_ROWS) break;
  }
  return depth;
}

/** One flag a value: 1 where its inside is hidden. */
export function collapsedFrom(doc: JsonDoc, depth: number): Uint8Array {
  const flags = new Uint8Array(doc.count);
  for (let i = 0; i < doc.count; i += 1) {
    if (at(doc.depth, i) >= depth && isContainer(doc, i) && at(doc.children, i) > 0) flags[i] = 1;
  }
  return flags;
}

/** The values to be seen, in order. Cost: the rows that are seen, not the values there are. */
export function visibleRows(doc: JsonDoc, collapsed: Uint8Array): Uint32Array {
  const rows = new Uint32Array(doc.count);
  let count = 0;
  for (let i = 0; i < doc.count; count += 1) {
    rows[count] = i;
    i = at(collapsed, i) === 1 ? at(doc.next, i) : i + 1;
  }
  return rows.subarray(0, count);
}

/** Where a value is among the rows, which rise; the nearest row above it where it is hidden. */
export function rowOf(rows: Uint32Array, index: number): number {
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (at(rows, middle) <= index) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** What a key asks for: another row, or a value opened or closed. */
export type TreeStep = { row: number } | { toggle: number } | null;

/** A tree's keys as in the ARIA practices: right opens or goes in, left closes or goes out. */
export function step(
  doc: JsonDoc,
  rows: Uint32Array,
  collapsed: Uint8Array,
  row: number,
  key: string,
  page: number,
): TreeStep {
  const last = rows.length - 1;
  const index = at(rows, row);
  const closed = at(collapsed, index) === 1;
  const inside = isContainer(doc, index) && at(doc.children, index) > 0;
  switch (key) {
    case 'ArrowDown':
      return { row: Math.min(row + 1, last) };
    case 'ArrowUp':
      return { row: Math.max(row - 1, 0) };
    case 'PageDown':
      return { row: Math.min(row + page, last) };
    case 'PageUp':
      return { row: Math.max(row - page, 0) };
    case 'Home':
      return { row: 0 };
    case 'End':
      return { row: last };
    case 'ArrowRight':
      if (!inside) return null;
      return closed ? { toggle: index } : { row: Math.min(row + 1, last) };
    case 'ArrowLeft':
      if (inside && !closed) return { toggle: index };
      return index === 0 ? null : { row: rowOf(rows, doc.parent[index] ?? 0) };
    case 'Enter':
    case ' ':
      return inside ? { toggle: index } : null;
    default:
      return null;
  }
}

/** Documents of more values are not looked through for duplicate keys: a set an object would cost seconds. */
const DUPLICATES_UP_TO = 200_000;

/** The values whose key stands more than once in its object. */
export function duplicates(doc: JsonDoc): Set<number> {
  const found = new Set<number>();
  if (doc.count > DUPLICATES_UP_TO) return found;
  for (let parent = 0; parent < doc.count; parent += 1) {
    if (at(doc.kind, parent) !== Kind.Object || at(doc.children, parent) < 2) continue;
    const first = new Map<string | number | null, number>();
    for (let child = parent + 1; child < at(doc.next, parent); child = at(doc.next, child)) {
      const key = keyOf(doc, child);
      const before = first.get(key);
      if (before === undefined) first.set(key, child);
      else found.add(before).add(child);
    }
  }
  return found;
}

/** Characters of a string or of a number that a row shows. */
export const ROW_CHARACTERS = 160;

/** The beginning of a scalar for a row: a string's characters without quotes, anything else as spelled. */
export function scalarStart(doc: JsonDoc, index: number): { text: string; cut: boolean } {
  const start = at(doc.start, index);
  const end = at(doc.end, index);
  const quoted = at(doc.kind, index) === Kind.String;
  if (end - start <= ROW_CHARACTERS) {
    const source = doc.source.slice(start, end);
    return { text: quoted ? unquote(source) : source, cut: false };
  }
  const head = doc.source.slice(start, start + ROW_CHARACTERS);
  if (!quoted) return { text: head, cut: true };
  // The cut may have gone through an escape, of six units at the most.
  for (let less = 0; less < 6; less += 1) {
    try {
      return { text: unquote(`${head.slice(0, head.length - less)}"`), cut: true };
    } catch {
      // One unit less.
    }
  }
  return { text: '', cut: true };
}
