/** Which lines of a body differ from the one it began as, in words for the end of the line. Pure. */
import { format, minify } from '../body/format';
import { readJson } from '../body/json';

/** A line that differs. */
export interface ChangedLine {
  /** From 1. */
  line: number;
  /** `was 8`, `new`, `2 lines were here`. */
  words: string;
}

/** A longer text is not compared line by line while somebody types, in UTF-16 units. */
export const COMPARE_UP_TO = 200_000;
/** Lines on one side times lines on the other that are compared one with another: some ten milliseconds. */
const CELLS = 1_000_000;
/** From this length on, of both lines together, a line is only said to be changed. */
const LONG = 200;
/** What was there is shown up to this length. */
const SHOWN = 60;

/**
 * The forms in which the original may be compared: as it is, one value a line, all on one line. Whoever has it formatted
 * wants to see what was changed beside the white space.
 */
export function formsOf(original: string): readonly string[] {
  if (original.length > COMPARE_UP_TO) return [original];
  const read = readJson(original);
  return 'doc' in read ? [original, format(read.doc), minify(read.doc)] : [original];
}

/** The lines that differ from the form that is nearest. */
export function changedFrom(forms: readonly string[], current: string): ChangedLine[] {
  if (current.length > COMPARE_UP_TO || forms.some((form) => form.length > COMPARE_UP_TO)) return [];
  let best: ChangedLine[] | null = null;
  let least = Infinity;
  const lines = count(current);
  for (const form of forms) {
    const changed = changedLines(form, current);
    const away = changed.length + Math.abs(count(form) - lines);
    if (away < least) {
      least = away;
      best = changed;
    }
  }
  return best ?? [];
}

/** The lines of a text that differ from another one's. */
export function changedLines(original: string, current: string): ChangedLine[] {
  if (original === current) return [];
  const old = original.split('\n');
  const now = current.split('\n');
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const before = old.slice(head, old.length - tail);
  const after = now.slice(head, now.length - tail);
  const changed: ChangedLine[] = [];
  for (const [a, b] of hunks(before, after)) {
    const gone = before.slice(a.from, a.to);
    if (a.to - a.from === b.to - b.from) {
      gone.forEach((line, at) => {
        const other = after[b.from + at] ?? '';
        // Beside a line that fills several rows of the screen what it was would only be in the way.
        const words = line.length + other.length > LONG ? 'changed' : `was ${was(line, other)}`;
        changed.push({ line: head + b.from + at + 1, words });
      });
    } else if (b.from === b.to) {
      const words = gone.length === 1 ? 'a line was here' : `${String(gone.length)} lines were here`;
      changed.push({ line: Math.min(head + b.from + 1, now.length), words });
    } else {
      for (let at = b.from; at < b.to; at += 1) changed.push({ line: head + at + 1, words: 'new' });
    }
  }
  return changed;
}

interface Span {
  from: number;
  to: number;
}

/** The stretches that differ, by the longest common subsequence of lines; all of it where that would take long. */
function hunks(before: readonly string[], after: readonly string[]): [Span, Span][] {
  const whole: [Span, Span] = [
    { from: 0, to: before.length },
    { from: 0, to: after.length },
  ];
  if (before.length === after.length && before.every((line, at) => line !== after[at])) return [whole];
  if (before.length * after.length > CELLS) return [whole];
  const width = after.length + 1;
  const common = new Uint32Array((before.length + 1) * width);
  const cell = (a: number, b: number): number => common[a * width + b] ?? 0;
  for (let a = before.length - 1; a >= 0; a -= 1) {
    for (let b = after.length - 1; b >= 0; b -= 1) {
      common[a * width + b] =
        before[a] === after[b] ? cell(a + 1, b + 1) + 1 : Math.max(cell(a + 1, b), cell(a, b + 1));
    }
  }
  const found: [Span, Span][] = [];
  let [a, b] = [0, 0];
  while (a < before.length || b < after.length) {
    if (a < before.length && b < after.length && before[a] === after[b]) {
      a += 1;
      b += 1;
      continue;
    }
    const from: [number, number] = [a, b];
    while (
      (a < before.length || b < after.length) &&
      !(a < before.length && b < after.length && before[a] === after[b])
    ) {
      if (b >= after.length || (a < before.length && cell(a + 1, b) >= cell(a, b + 1))) a += 1;
      else b += 1;
    }
    found.push([
      { from: from[0], to: a },
      { from: from[1], to: b },
    ]);
  }
  return found;
}

/** The part of an old line that is not in the new one, widened to whole words. */
function was(old: string, now: string): string {
  let from = 0;
  while (from < old.length && from < now.length && old[from] === now[from]) from += 1;
  let end = 0;
  while (end < old.length - from && end < now.length - from && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  let to = old.length - end;
  while (from > 0 && !ENDS.test(old.charAt(from - 1))) from -= 1;
  while (to < old.length && !ENDS.test(old.charAt(to))) to += 1;
  const part = old.slice(from, to).trim() || old.trim();
  if (part === '') return 'empty';
  return part.length > SHOWN ? `${part.slice(0, SHOWN)}…` : part;
}

const ENDS = /[\s,:{}[\]]/;

function count(text: string): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}
