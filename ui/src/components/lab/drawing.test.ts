import { describe, expect, it } from 'vitest';
import { layout, marks, moved, pixel, place, timeAt, WHOLE, zoomed, type Dot } from './drawing';

const DAY = 86_400_000;
const dot = (number: number, at: number, above = '500'): Dot => ({
  key: String(number),
  at,
  number: String(number),
  above,
  below: `+${String(at / 1000)} s`,
});

describe('the scale', () => {
  it.each([
    ['log', 130_000],
    ['linear', 130_000],
    ['log', 3 * DAY],
    ['log', 40],
  ] as const)('%s of %i ms begins at 0, ends at 1 and can be read back', (kind, most) => {
    expect(place(kind, most, 0)).toBe(0);
    expect(place(kind, most, most)).toBe(1);
    for (const share of [0.1, 0.5, 0.9]) expect(place(kind, most, timeAt(kind, most, share))).toBeCloseTo(share, 9);
  });

  it('has one place where all of it is one moment', () => {
    expect([place('log', 0, 0), place('linear', 0, 0), timeAt('log', 0, 0.5)]).toEqual([0, 0, 0]);
  });
});

describe('what is seen', () => {
  it('comes nearer around a place, which stays where it is', () => {
    const near = zoomed(WHOLE, 4, 0.25);
    expect(near).toEqual({ from: 0.1875, to: 0.4375 });
    expect(pixel(near, 800, 0, 0.25)).toBe(pixel(WHOLE, 800, 0, 0.25));
  });
  it.each([
    ['beyond the end', moved({ from: 0.5, to: 1 }, 0.5), { from: 0.5, to: 1 }],
    ['beyond the beginning', moved({ from: 0.1, to: 0.3 }, -2), { from: 0, to: 0.2 }],
    ['out of the whole', zoomed(WHOLE, 0.5), WHOLE],
  ])('never moves %s', (_, view, expected) => {
    expect(view.from).toBeCloseTo(expected.from, 12);
    expect(view.to).toBeCloseTo(expected.to, 12);
  });
});

describe('the axis', () => {
  it.each([
    ['linear', 130_000, ['0', '20 s', '40 s', '1 min', '80 s', '100 s', '2 min']],
    ['log', 3 * DAY, ['0', '5 s', '20 s', '2 min', '10 min', '1 h', '6 h', '1 day']],
  ] as const)('%s over %i ms has round marks', (kind, most, words) => {
    const found = marks(kind, most, WHOLE, 800, 30);
    expect(found.map((mark) => mark.words)).toEqual(words);
    for (const [at, mark] of found.entries())
      if (at > 0) expect(mark.x - (found[at - 1]?.x ?? 0)).toBeGreaterThanOrEqual(74);
  });
});

describe('circles and labels', () => {
  const x = (at: number): number => at / 100;

  it('stand alone where there is room', () => {
    const placed = layout([dot(1, 0), dot(2, 10_000), dot(3, 40_000, 'timeout')], x, 800);
    expect(placed.map(({ number, above, aboveLane, belowLane }) => [number, above, aboveLane, belowLane])).toEqual([
      ['1', '500', 0, 0],
      ['2', '500', 0, 0],
      ['3', 'timeout', 0, 0],
    ]);
  });

  it('are staggered, then hidden, before they overlap', () => {
    const placed = layout(
      [dot(1, 6000, 'timeout'), dot(2, 9000, 'timeout'), dot(3, 12_000, 'timeout'), dot(4, 15_000, 'timeout')],
      x,
      800,
    );
    expect(placed.map((one) => one.aboveLane)).toEqual([0, 1, 0, 1]);
    const dense = layout(
      [1, 2, 3].map((n) => dot(n, 20_000 + n * 2600, 'no answer at all')),
      x,
      800,
    );
    expect(dense.map((one) => one.aboveLane)).toEqual([0, 1, null]);
  });

  it('that are drawn as one touch none before them', () => {
    const placed = layout([dot(1, 0), dot(2, 2600), dot(3, 3800)], x, 800);
    expect(placed.map((one) => [one.number, one.x])).toEqual([['1–3', 19]]);
  });

  it('at the edge have their labels inside', () => {
    const [last] = layout([dot(1, 79_000, 'no answer')], x, 800);
    expect([last?.x, Math.round((last?.aboveX ?? 0) * 10) / 10]).toEqual([790, 769]);
  });

  it('become one where the circles would overlap', () => {
    const placed = layout([dot(1, 0), dot(2, 1000), dot(3, 2000, '200'), dot(4, 60_000, '200')], x, 800);
    expect(placed.map(({ number, above, below }) => [number, above, below])).toEqual([
      ['1–3', '3 answers', '+0 s … +2 s'],
      ['4', '200', '+60 s'],
    ]);
  });
});
