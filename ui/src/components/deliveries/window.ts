/** Which lines of a list are drawn. A line has one of few heights, all known beforehand. Pure. */

/** Lines drawn beyond either edge, so that a quick scroll shows no gap. */
const OVERSCAN = 8;

/** Where each line begins, and at last where the list ends. */
export function lineTops(heights: readonly number[]): readonly number[] {
  const tops = [0];
  let top = 0;
  for (const height of heights) tops.push((top += height));
  return tops;
}

/** The line that stands at a place; the last one below the end. */
function lineAt(tops: readonly number[], place: number): number {
  let [low, high] = [0, Math.max(0, tops.length - 2)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((tops[middle] ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The first line drawn and the one after the last. */
export function visibleRange(scrollTop: number, height: number, tops: readonly number[]): [number, number] {
  const count = tops.length - 1;
  if (count === 0) return [0, 0];
  const first = Math.max(0, firstVisible(scrollTop, tops) - OVERSCAN);
  return [first, Math.min(count, lineAt(tops, scrollTop + height - 1) + 1 + OVERSCAN)];
}

/** The line at the upper edge. */
export function firstVisible(scrollTop: number, tops: readonly number[]): number {
  return lineAt(tops, Math.max(0, scrollTop));
}

/** Where to scroll so that a line is seen whole; the same place where it is already. */
export function scrollTo(index: number, scrollTop: number, height: number, tops: readonly number[]): number {
  const top = tops[index] ?? 0;
  const end = tops[index + 1] ?? top;
  if (top < scrollTop) return top;
  return end > scrollTop + height ? end - height : scrollTop;
}
