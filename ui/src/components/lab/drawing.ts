/**
 * Where the timeline's parts stand. Pure; lengths in CSS pixels, times in milliseconds after the first attempt.
 *
 * Invariant: no two labels of one lane overlap; what has no place is hidden and stays in the title of its circle.
 */
import { offset, span } from '../../state/labWords';

export type ScaleKind = 'log' | 'linear';

/** A place on the scale, 0 to 1, of a time from 0 to `most`. */
export function place(kind: ScaleKind, most: number, at: number): number {
  if (most <= 0) return 0;
  if (kind === 'linear') return at / most;
  const unit = unitOf(most);
  return Math.log1p(Math.max(0, at) / unit) / Math.log1p(most / unit);
}

/** The time of a place. */
export function timeAt(kind: ScaleKind, most: number, at: number): number {
  if (most <= 0) return 0;
  if (kind === 'linear') return at * most;
  const unit = unitOf(most);
  return unit * Math.expm1(at * Math.log1p(most / unit));
}

/** What a logarithmic scale counts as its first step: a second, or less where all of it is short. */
function unitOf(most: number): number {
  return Math.min(1000, most / 20);
}

/** The part of the scale that is seen, both 0 to 1. */
export interface View {
  from: number;
  to: number;
}
export const WHOLE: View = { from: 0, to: 1 };
/** The smallest part that is worth seeing. */
const LEAST = 1 / 4096;

/** Sees more or less of it around a place: 2 is twice as near. */
export function zoomed(view: View, factor: number, around = (view.from + view.to) / 2): View {
  const width = Math.min(1, Math.max(LEAST, (view.to - view.from) / factor));
  const share = (around - view.from) / (view.to - view.from);
  return moved({ from: around - share * width, to: around - share * width + width }, 0);
}

/** Moves along, by a share of what is seen; never beyond the ends. */
export function moved(view: View, by: number): View {
  const width = view.to - view.from;
  const from = Math.min(1 - width, Math.max(0, view.from + by * width));
  return { from, to: from + width };
}

/** The pixel of a place: `margin` is kept free at both ends. */
export function pixel(view: View, width: number, margin: number, at: number): number {
  return margin + ((at - view.from) / (view.to - view.from)) * (width - 2 * margin);
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Times that a person counts by. */
const ROUND: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 20, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 20, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 3, 7, 14, 28].map((count) => count * DAY),
];
/** From one mark of the axis to the next, at least. */
const MARKS = 74;

export interface Mark {
  x: number;
  words: string;
}

/** The marks of the axis. */
export function marks(kind: ScaleKind, most: number, view: View, width: number, margin: number): Mark[] {
  if (most <= 0 || width <= 2 * margin) return [];
  const seen = (at: number): number => pixel(view, width, margin, place(kind, most, at));
  const from = timeAt(kind, most, view.from);
  const to = timeAt(kind, most, view.to);
  const step = stepOf(((to - from) / (width - 2 * margin)) * MARKS);
  const times = kind === 'log' ? logTimes(from, to, step) : linearTimes(from, to, step);
  const found: Mark[] = [];
  for (const at of times) {
    const x = seen(at);
    const last = found.at(-1);
    if (x < margin - 1 || x > width - margin + 1 || (last && x - last.x < MARKS)) continue;
    found.push({ x, words: at === 0 ? '0' : at % MINUTE === 0 && at < HOUR ? `${String(at / MINUTE)} min` : span(at) });
  }
  return found;
}

function stepOf(least: number): number {
  return ROUND.find((one) => one >= least) ?? Math.ceil(least / (7 * DAY)) * 7 * DAY;
}

function linearTimes(from: number, to: number, step: number): number[] {
  const first = Math.ceil(from / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, at) => first + at * step);
}

function logTimes(from: number, to: number, step: number): number[] {
  // Near: the scale is as good as even there.
  if (from > 0 && to / from < 3) return linearTimes(from, to, step);
  return [0, ...ROUND].filter((at) => at >= from && at <= to);
}

/** What is to be drawn of one attempt. */
export interface Dot {
  key: string;
  at: number;
  /** In the circle. */
  number: string;
  /** Above: what came. */
  above: string;
  /** Below: when. */
  below: string;
}

/** Dots that stand too near to be told apart are drawn as one. */
export interface Placed<D extends Dot> {
  x: number;
  dots: D[];
  /** The lane of each label, from the circle outwards; none: hidden. */
  aboveLane: number | null;
  belowLane: number | null;
  /** The middle of each label. */
  aboveX: number;
  belowX: number;
  above: string;
  below: string;
  number: string;
}

/** From one circle's middle to the next, at least. */
const APART = 25;
/** The same where several are drawn as one. */
const WIDE = 42;
/** The width of a letter of a label, and the gap that two labels keep. */
const LETTER = 6.9;
const GAP = 8;

/** Circles and labels. `lanes` is how many labels may stand above one another on each side. */
export function layout<D extends Dot>(
  dots: readonly D[],
  x: (at: number) => number,
  width: number,
  lanes = 2,
): Placed<D>[] {
  const placed = grouped(dots, x).map((group): Placed<D> => ({
    ...group,
    ...words(group.dots),
    aboveLane: null,
    belowLane: null,
    aboveX: group.x,
    belowX: group.x,
  }));
  for (const side of ['above', 'below'] as const) {
    const ends = Array.from({ length: lanes }, () => Number.NEGATIVE_INFINITY);
    for (const one of placed) {
      if (one.x < -APART || one.x > width + APART || one[side] === '') continue;
      const half = (one[side].length * LETTER) / 2;
      // A label at the edge is moved inwards before it would be cut.
      const middle = Math.max(half, Math.min(width - half, one.x));
      const lane = ends.findIndex((end) => middle - half >= end + GAP);
      if (lane < 0) continue;
      ends[lane] = middle + half;
      one[`${side}X`] = middle;
      one[`${side}Lane`] = lane;
    }
  }
  return placed;
}

/** Neighbours whose circles would overlap are one; one of several is wider, and may so touch the one before it too. */
function grouped<D extends Dot>(dots: readonly D[], x: (at: number) => number): { x: number; dots: D[] }[] {
  const groups: { x: number; dots: D[] }[] = [];
  const half = (group: { dots: D[] }): number => (group.dots.length > 1 ? WIDE : APART) / 2;
  for (const dot of [...dots].sort((a, b) => a.at - b.at)) {
    let last = { x: x(dot.at), dots: [dot] };
    for (let before = groups.at(-1); before && last.x - before.x < half(before) + half(last); before = groups.at(-1)) {
      groups.pop();
      const all = [...before.dots, ...last.dots];
      last = { x: (x(all[0]?.at ?? 0) + x(dot.at)) / 2, dots: all };
    }
    groups.push(last);
  }
  return groups;
}

function words(dots: readonly Dot[]): { number: string; above: string; below: string } {
  const [first, last] = [dots[0], dots.at(-1)];
  if (!first || !last) return { number: '', above: '', below: '' };
  if (dots.length === 1) return first;
  const same = dots.every((dot) => dot.above === first.above);
  return {
    number: `${first.number}–${last.number}`,
    above: same
      ? first.above === ''
        ? ''
        : `${String(dots.length)} × ${first.above}`
      : `${String(dots.length)} answers`,
    below: `${offset(first.at)} … ${offset(last.at)}`,
  };
}
