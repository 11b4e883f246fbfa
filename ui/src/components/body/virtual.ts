/** Where a list that is higher than a browser's elements can be stands, against the scroll bar's own pixels. */

/**
 * The highest an element is made. Browsers end between 17 and 33 million CSS pixels and WebKit loses precision before;
 * 25 MB in rows of 16 bytes are 33 million.
 */
export const MAX_HEIGHT = 8_000_000;

/** The pixel of the whole list for a scroll position. `whole` and `view` are heights in pixels. */
export function fromScroll(top: number, whole: number, view: number): number {
  if (whole <= MAX_HEIGHT) return top;
  return (top * (whole - view)) / (MAX_HEIGHT - view);
}

/** The scroll position for a pixel of the whole list. */
export function toScroll(position: number, whole: number, view: number): number {
  if (whole <= MAX_HEIGHT) return position;
  return (position * (MAX_HEIGHT - view)) / (whole - view);
}
