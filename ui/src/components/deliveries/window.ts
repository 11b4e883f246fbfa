/** Which rows of a list of fixed-height rows are drawn. Pure. */

/** Rows drawn beyond either edge, so that a quick scroll shows no gap. */
const OVERSCAN = 8;

/** The first row drawn and the one after the last. */
export function visibleRange(scrollTop: number, height: number, rowHeight: number, count: number): [number, number] {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - OVERSCAN);
  const end = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + OVERSCAN);
  return [Math.min(first, end), end];
}

/** Where to scroll so that a row is seen whole; the same place where it is already. */
export function scrollTo(index: number, scrollTop: number, height: number, rowHeight: number): number {
  const top = index * rowHeight;
  if (top < scrollTop) return top;
  return top + rowHeight > scrollTop + height ? top + rowHeight - height : scrollTop;
}
