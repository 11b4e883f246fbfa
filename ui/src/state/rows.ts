/** Lists of rows, newest first, each id once. Pure. */
import type { DeliverySummary } from '../bindings';

/** Decimal ids without leading zeros, compared as the 64-bit numbers that they are: positive where `a` is newer. */
export function compareIds(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Puts new rows in; a row that is there already is replaced. */
export function insertRows(
  rows: readonly DeliverySummary[],
  added: readonly DeliverySummary[],
): readonly DeliverySummary[] {
  if (added.length === 0) return rows;
  const fresh = new Map(added.map((row) => [row.id, row]));
  const kept = rows.map((row) => {
    const newer = fresh.get(row.id);
    fresh.delete(row.id);
    return newer ?? row;
  });
  return [...fresh.values(), ...kept].sort((a, b) => compareIds(b.id, a.id));
}

/** Replaces those rows that are there. */
export function replaceRows(
  rows: readonly DeliverySummary[],
  changed: readonly DeliverySummary[],
): readonly DeliverySummary[] {
  const fresh = new Map(changed.map((row) => [row.id, row]));
  return rows.some((row) => fresh.has(row.id)) ? rows.map((row) => fresh.get(row.id) ?? row) : rows;
}

/**
 * Joins the newest page with what was loaded before. Rows in the page's range are the page's; older ones stay. None
 * where the two do not touch: there would be a hole, and the list must start again from the page.
 */
export function joinNewest(
  rows: readonly DeliverySummary[],
  page: readonly DeliverySummary[],
  pageIsAll: boolean,
): readonly DeliverySummary[] | null {
  const oldest = page.at(-1);
  if (pageIsAll || !oldest) return page;
  const newest = rows[0];
  if (!newest || compareIds(newest.id, oldest.id) < 0) return null;
  return [...page, ...rows.filter((row) => compareIds(row.id, oldest.id) < 0)];
}

/** The ids from one row to another, both included, in either direction; the second alone where the first is gone. */
export function idRange(rows: readonly DeliverySummary[], from: string | null, to: string): string[] {
  const start = rows.findIndex((row) => row.id === from);
  const end = rows.findIndex((row) => row.id === to);
  if (end < 0) return [];
  if (start < 0) return [to];
  return rows.slice(Math.min(start, end), Math.max(start, end) + 1).map((row) => row.id);
}
