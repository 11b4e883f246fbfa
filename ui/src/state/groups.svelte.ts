/**
 * Retries and duplicates as one row: the newest delivery of an event stands for all, and its group can be opened.
 *
 * Invariants: of each group one row is in a folded list; the row that stands for a group is not among its members below
 * it, so that no delivery is on the screen twice.
 */
import { SvelteMap } from 'svelte/reactivity';
import type { DeliverySummary } from '../bindings';
import { asCommandError } from '../host';
import { coalesce } from './coalesce';
import type { Host, Report } from './host';

/** A line of the list: a row, or a member of an opened group below the row that stands for it. */
export interface Line {
  row: DeliverySummary;
  parent: DeliverySummary | null;
}

/** The name of a row's group, unique in the log; none where it belongs to none. A provider's id has no space. */
export function groupOf(row: DeliverySummary): string | null {
  return row.group && row.provider !== null ? `${row.provider} ${row.group.key}` : null;
}

/** The name of a line's group. */
export function lineGroup(line: Line): string | null {
  return groupOf(line.parent ?? line.row);
}

/** Leaves the first of each group: rows are newest first. */
export function fold(rows: readonly DeliverySummary[]): readonly DeliverySummary[] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    const group = groupOf(row);
    if (group === null) return true;
    if (seen.has(group)) return false;
    seen.add(group);
    return true;
  });
}

export class Groups {
  #host: Host;
  #report: Report;
  /** The members of the groups that are open, newest first. */
  #open = new SvelteMap<string, readonly DeliverySummary[]>();
  /** Reads the members of all open groups again. */
  readonly refresh: () => Promise<void>;

  constructor(host: Host, report: Report) {
    this.#host = host;
    this.#report = report;
    this.refresh = coalesce(() => this.#readOpen());
  }

  isOpen(name: string | null): boolean {
    return name !== null && this.#open.has(name);
  }

  /** Whether a row stands for more than itself. */
  static many(row: DeliverySummary): boolean {
    return groupOf(row) !== null && (row.group?.count ?? 0) > 1;
  }

  /** Opens the group that a row stands for. */
  async open(row: DeliverySummary): Promise<void> {
    const name = groupOf(row);
    if (name === null || !Groups.many(row) || this.#open.has(name)) return;
    try {
      this.#open.set(name, await this.#host.call('delivery_group', { id: row.id }));
    } catch (error) {
      this.#report(asCommandError(error));
    }
  }

  close(name: string): void {
    this.#open.delete(name);
  }

  closeAll(): void {
    this.#open.clear();
  }

  /** Moves the mark of a row that stood for a closed group to the one that stands for it now. */
  carry(marked: Set<string>, from: readonly DeliverySummary[], to: readonly DeliverySummary[]): void {
    if (marked.size === 0) return;
    const standing = new Map(to.map((row) => [groupOf(row), row.id]));
    for (const row of from) {
      const name = groupOf(row);
      const now = name === null || this.isOpen(name) ? undefined : standing.get(name);
      if (now !== undefined && now !== row.id && marked.delete(row.id)) marked.add(now);
    }
  }

  /** What is drawn of these rows. */
  lines(rows: readonly DeliverySummary[]): readonly Line[] {
    if (this.#open.size === 0) return rows.map((row) => ({ row, parent: null }));
    return rows.flatMap((row) => {
      const name = groupOf(row);
      const members = name === null ? [] : (this.#open.get(name) ?? []);
      const below = members.filter((member) => member.id !== row.id).map((member) => ({ row: member, parent: row }));
      return [{ row, parent: null }, ...below];
    });
  }

  /** Changes the members that are shown, as rows of the list are changed. */
  update(change: (rows: readonly DeliverySummary[]) => readonly DeliverySummary[]): void {
    for (const [name, members] of this.#open) this.#open.set(name, change(members));
  }

  /** Something arrived: open groups that it belongs to are read again. */
  told(added: readonly DeliverySummary[]): void {
    if (added.some((row) => this.isOpen(groupOf(row)))) void this.refresh();
  }

  async #readOpen(): Promise<void> {
    for (const [name, members] of [...this.#open]) {
      const any = members[0];
      if (!any) continue;
      try {
        // A deleted member still leads to the others.
        const now = await this.#host.call('delivery_group', { id: any.id });
        if (now.length === 0) this.#open.delete(name);
        else if (this.#open.has(name)) this.#open.set(name, now);
      } catch (error) {
        this.#report(asCommandError(error));
        return;
      }
    }
  }
}
