/**
 * The list of deliveries: pages, arrivals, selection, deleting.
 *
 * Invariants: rows are newest first, each once, and, while grouped, each group once; an answer to an older filter never
 * overwrites a newer one's. The filter is judged by the engine alone: while one is set, arrivals ask for the newest page
 * instead of being matched here.
 */
import { SvelteSet } from 'svelte/reactivity';
import type { CommandError, DeliveryCount, DeliverySummary, EngineEvent, FilterTerm } from '../bindings';
import { asCommandError } from '../host';
import type { Listener } from './app.svelte';
import { coalesce } from './coalesce';
import { Deletions } from './deletions.svelte';
import { Detail } from './detail.svelte';
import { FilterInput, type FilterError } from './filterInput.svelte';
import { fold, groupOf, Groups, lineGroup, type Line } from './groups.svelte';
import type { Host, Report } from './host';
import { Pages } from './pages';
import { compareIds, idRange, insertRows, joinNewest, replaceRows } from './rows';

/** Rows a page. */
const PAGE = 200;
/** While the newest is followed nobody looks at the old rows: beyond this many the list starts again from its top. */
const FOLLOWED_ROWS = 2000;
export class Deliveries implements Listener {
  /** The loaded rows. */
  rows: readonly DeliverySummary[] = $state.raw([]);
  /** There are older ones to load. */
  more = $state(false);
  /** The rows of the current filter were read at least once. */
  loaded = $state(false);
  /** A page is being read. */
  loading = $state(false);
  /** Why the rows could not be read. */
  error: CommandError | null = $state.raw(null);
  count: DeliveryCount | null = $state.raw(null);

  /** The filter that the rows answer to. */
  filter = $state('');
  /** The rows stand for groups. */
  grouped = $state(true);

  /** The row that is opened. */
  selected: string | null = $state(null);
  /** The rows that are marked for an action on several. */
  readonly marked = new SvelteSet<string>();
  /** The newest is selected as it arrives, until the user moves by hand. */
  following = $state(true);
  /** Arrivals since following paused. */
  arrived = $state(0);
  readonly deletions: Deletions;
  readonly detail: Detail;
  readonly groups: Groups;
  /** What is drawn: the rows, and the members of open groups below them. */
  readonly lines: readonly Line[] = $derived.by(() => this.groups.lines(this.rows));
  /** Reads the counts again. */
  readonly recount: () => Promise<void>;

  #host: Host;
  #report: Report;
  #input: FilterInput;
  #wantsGroups: () => boolean;
  /** The group of the selected delivery: its row stands for it while the group is closed. */
  #selectedGroup: string | null = $state(null);
  #next: string | null = null;
  #pages: Pages;
  /** Rises with every reading from the top; answers to an older one are dropped. */
  #generation = 0;
  #anchor: string | null = null;
  #refreshNewest: () => Promise<void>;

  /** `wantsGroups` says what the user has set, each time that it is asked. */
  constructor(host: Host, report: Report, wantsGroups: () => boolean = () => true) {
    this.#host = host;
    this.#report = report;
    this.#wantsGroups = wantsGroups;
    this.#input = new FilterInput(host, report);
    this.detail = new Detail(host);
    this.groups = new Groups(host, report);
    this.deletions = new Deletions(host, report);
    this.recount = coalesce(() => this.#readCount());
    this.#refreshNewest = coalesce(() => this.#readNewest());
    this.#pages = new Pages(host, () => void this.#refreshNewest());
  }

  /** Nothing is in the log at all. */
  get empty(): boolean {
    return this.count !== null && this.count.total === 0 && this.rows.length === 0;
  }

  /** The line of the selected delivery, or the one that stands for it. */
  get selectedIndex(): number {
    const at = this.lines.findIndex((line) => line.row.id === this.selected);
    if (at >= 0 || this.#selectedGroup === null || this.selected === null) return at;
    return this.lines.findIndex((line) => line.parent === null && groupOf(line.row) === this.#selectedGroup);
  }

  get selectedRow(): DeliverySummary | null {
    return this.#row(this.selected);
  }

  /** What an action works on: the marked rows, or the selected one. */
  get targets(): string[] {
    if (this.marked.size > 0) return [...this.marked];
    return this.selected === null ? [] : [this.selected];
  }

  // Filter

  /** The filter as typed. */
  get text(): string {
    return this.#input.text;
  }

  get terms(): readonly FilterTerm[] {
    return this.#input.terms;
  }

  get filterError(): FilterError | null {
    return this.#input.error;
  }

  /** Takes what was typed; it is used when the typing pauses. */
  type(text: string): void {
    this.#input.type(text, () => void this.applyFilter(text));
  }

  /** Uses a filter at once. The rows stay where it is wrong. */
  async applyFilter(text: string): Promise<void> {
    if (!(await this.#input.parse(text))) return;
    if (text === this.filter && this.loaded && this.error === null) return;
    this.filter = text;
    this.marked.clear();
    this.groups.closeAll();
    this.arrived = 0;
    await this.#startAgain(++this.#generation);
  }

  // Pages

  /** Reads everything that is shown again. */
  async reread(): Promise<void> {
    await Promise.all([this.#startAgain(++this.#generation), this.detail.refresh(), this.groups.refresh()]);
  }

  /** Reads the next page, if there is one and none is being read. */
  async loadMore(): Promise<void> {
    if (this.loading || this.#next === null) return;
    const generation = this.#generation;
    this.loading = true;
    try {
      const page = await this.#pages.read(this.filter, this.#next, PAGE, this.grouped);
      if (generation !== this.#generation) return;
      this.#show(insertRows(this.rows, page.items));
      this.#setNext(page.next);
    } catch (error) {
      if (generation === this.#generation) this.#report(asCommandError(error));
    } finally {
      if (generation === this.#generation) this.loading = false;
    }
  }

  // Selection

  /** Opens a row by hand: following pauses. */
  select(id: string): void {
    this.following = false;
    this.#anchor = id;
    this.#open(id);
  }

  /** Moves the selection by rows, or to an end; by hand. */
  move(by: number | 'first' | 'last'): void {
    if (this.lines.length === 0) return;
    const last = this.lines.length - 1;
    const at = this.selectedIndex;
    const to = by === 'first' ? 0 : by === 'last' ? last : at < 0 ? 0 : Math.min(last, Math.max(0, at + by));
    const line = this.lines[to];
    if (line) this.select(line.row.id);
    if (to >= last - 20) void this.loadMore();
  }

  /** Opens the group of the selected line. */
  async openGroup(): Promise<void> {
    const line = this.lines[this.selectedIndex];
    if (line && line.parent === null && this.grouped) await this.groups.open(line.row);
  }

  /** Closes the group of the selected line; where a member is selected, the row that stands for it is then. */
  closeGroup(): void {
    const line = this.lines[this.selectedIndex];
    const name = line && lineGroup(line);
    if (!line || !name || !this.groups.isOpen(name)) return;
    this.groups.close(name);
    if (line.parent) this.select(line.parent.id);
  }

  /** Opens or closes the group that a row stands for. */
  async toggleGroup(id: string): Promise<void> {
    const row = this.#row(id);
    const name = row && groupOf(row);
    if (!row || !name) return;
    if (this.groups.isOpen(name)) this.groups.close(name);
    else await this.groups.open(row);
  }

  /** Marks or unmarks a row. */
  toggleMark(id: string): void {
    if (!this.marked.delete(id)) this.marked.add(id);
    this.#anchor = id;
  }

  /** Marks all rows from the last one touched to this. */
  markRange(to: string): void {
    this.following = false;
    for (const id of idRange(this.#drawn, this.#anchor ?? this.selected, to)) this.marked.add(id);
  }

  /** The newest are on the screen: nothing new is left to be told of. */
  seen(): void {
    this.arrived = 0;
  }

  /** Goes to the newest and follows it again. */
  follow(): void {
    this.following = true;
    this.arrived = 0;
    const newest = this.rows[0];
    if (newest) this.#open(newest.id);
    if (this.rows.length > FOLLOWED_ROWS) void this.#startAgain(++this.#generation);
  }

  /** Marks an opened row as read. */
  async markRead(id: string): Promise<void> {
    if (this.#row(id)?.read === false) await this.#mark([id], { read: true, pinned: null });
  }

  /** Pins the targets, or unpins them where all are pinned. */
  async togglePin(): Promise<void> {
    const ids = this.targets;
    const pinned = !this.#drawn.filter((row) => ids.includes(row.id)).every((row) => row.pinned);
    await this.#mark(ids, { read: null, pinned });
  }

  // Deleting

  /**
   * Deletes the targets; the row after them is selected. A row that stands for a closed group is the whole group; once
   * it is open, each of its deliveries is one.
   */
  async remove(): Promise<void> {
    const targets = this.targets;
    if (targets.length === 0) return;
    const whole = new Map<string, string>();
    const ids = new Set<string>();
    for (const id of targets) {
      const group = this.#closedGroup(id);
      if (group === null) ids.add(id);
      else whole.set(group, id);
    }
    const gone = (line: Line): boolean => ids.has(line.row.id) || whole.has(lineGroup(line) ?? '');
    const from = this.lines.findIndex(gone);
    try {
      const deletion = await this.#host.call('deliveries_delete', { ids: [...ids], groups: [...whole.values()] });
      const after = this.lines.slice(from).find((line) => !gone(line));
      this.#drop((row) => ids.has(row.id) || whole.has(groupOf(row) ?? ''), after?.row.id);
      this.deletions.keep(deletion, whole.size);
      void this.recount();
    } catch (error) {
      this.#report(asCommandError(error));
    }
  }

  /** Deletes all that the filter matches. */
  async clear(): Promise<void> {
    try {
      const deletion = await this.#host.call('deliveries_clear', { filter: this.filter });
      this.#drop(() => true);
      this.deletions.keep(deletion, 0);
      await this.reread();
    } catch (error) {
      this.#report(asCommandError(error));
    }
  }

  /** Brings back what was deleted last. */
  async undo(): Promise<void> {
    if (await this.deletions.undo()) await this.#startAgain(++this.#generation);
  }

  // Events

  onEvents(events: readonly EngineEvent[]): void {
    const added: DeliverySummary[] = [];
    const changed: DeliverySummary[] = [];
    let uncounted = false;
    let reread = false;
    const regroup = events.some((event) => event.type === 'settings_changed') && this.grouped !== this.#wantsGroups();
    for (const event of events) {
      if (event.type === 'delivery_added') added.push(event.delivery);
      if (event.type === 'deliveries_added') uncounted = true;
      if (event.type === 'verdicts_changed') changed.push(...event.deliveries);
      if (event.type === 'deliveries_changed') reread = true;
      if (event.type === 'providers_changed') void this.detail.refresh();
      if (event.type === 'attempts_changed' && event.delivery !== null) void this.detail.refresh([event.delivery]);
    }
    if (reread) this.#pages.forget();
    this.#pages.tell(added, changed);
    this.groups.told(added);
    if (regroup || reread || uncounted) void this.groups.refresh();
    if (changed.length > 0) {
      this.rows = replaceRows(this.rows, changed);
      this.groups.update((rows) => replaceRows(rows, changed));
      void this.detail.refresh(changed.map((row) => row.id));
    }
    if (reread) void this.detail.refresh();
    else if (added.length > 0) {
      const longer = this.detail.ofEvents(added);
      if (longer.length > 0) void this.detail.refresh(longer);
    }
    if (regroup) void this.#startAgain(++this.#generation);
    else if (reread) void this.#rereadLoaded();
    else if (uncounted || (this.filter !== '' && (added.length > 0 || changed.length > 0))) void this.#refreshNewest();
    else if (added.length > 0) this.#arrive(() => insertRows(this.rows, added));
    if (added.length > 0 || uncounted || changed.length > 0 || reread) void this.recount();
  }

  onReread(): void {
    void this.reread();
  }

  /** Puts newer rows in and, while following, selects the newest. */
  #arrive(rows: () => readonly DeliverySummary[]): void {
    const newest = this.rows[0]?.id;
    this.#show(rows());
    if (this.following) {
      if (this.rows[0] && this.rows[0].id !== this.selected) this.#open(this.rows[0].id);
      if (this.rows.length > FOLLOWED_ROWS) void this.#startAgain(++this.#generation);
    } else {
      this.arrived += this.rows.filter((row) => !newest || compareIds(row.id, newest) > 0).length;
    }
  }

  /** Shows rows: while grouped each group once. */
  #show(rows: readonly DeliverySummary[]): void {
    const before = this.rows;
    this.rows = this.grouped ? fold(rows) : rows;
    if (this.grouped) this.groups.carry(this.marked, before, this.rows);
  }

  get #drawn(): DeliverySummary[] {
    return this.lines.map((line) => line.row);
  }

  #row(id: string | null): DeliverySummary | null {
    return this.lines.find((line) => line.row.id === id)?.row ?? null;
  }

  /** The group that a delivery stands for, or is hidden in: what is done with its row is done with all of it. */
  #closedGroup(id: string): string | null {
    if (!this.grouped) return null;
    const line = this.lines.find((one) => one.row.id === id);
    if (!line) return id === this.selected && this.selectedIndex >= 0 ? this.#selectedGroup : null;
    const name = groupOf(line.row);
    return line.parent === null && Groups.many(line.row) && !this.groups.isOpen(name) ? name : null;
  }

  #open(id: string | null): void {
    const line = this.lines.find((one) => one.row.id === id);
    this.#selectedGroup = line && this.grouped ? lineGroup(line) : null;
    this.selected = id;
    void this.detail.open(id);
  }

  #setNext(next: string | null): void {
    this.#next = next;
    this.more = next !== null;
  }

  async #startAgain(generation: number): Promise<void> {
    this.loading = true;
    const grouped = this.#wantsGroups();
    try {
      const page = await this.#pages.read(this.filter, null, PAGE, grouped);
      if (generation !== this.#generation) return;
      this.grouped = grouped;
      if (!grouped) this.groups.closeAll();
      this.#show(page.items);
      this.#setNext(page.next);
      this.loaded = true;
      this.error = null;
      this.#settleSelection();
    } catch (error) {
      if (generation === this.#generation) this.error = asCommandError(error);
    } finally {
      if (generation === this.#generation) this.loading = false;
    }
    await this.recount();
  }

  /** Reads again as many rows as are loaded, up to the largest page: what others deleted or pinned goes or changes. */
  async #rereadLoaded(): Promise<void> {
    const generation = this.#generation;
    const limit = Math.min(1000, Math.max(PAGE, this.rows.length));
    try {
      const page = await this.#pages.read(this.filter, null, limit, this.grouped);
      if (generation !== this.#generation) return;
      this.#arrive(() => page.items);
      this.#setNext(page.next);
      this.#settleSelection();
    } catch (error) {
      this.#report(asCommandError(error));
    }
  }

  async #readNewest(): Promise<void> {
    const generation = this.#generation;
    try {
      const page = await this.#pages.read(this.filter, null, PAGE, this.grouped);
      if (generation !== this.#generation) return;
      const joined = joinNewest(this.rows, page.items, page.next === null);
      if (!joined || page.next === null) this.#setNext(page.next);
      this.#arrive(() => joined ?? page.items);
    } catch (error) {
      this.#report(asCommandError(error));
    }
  }

  async #readCount(): Promise<void> {
    const generation = this.#generation;
    try {
      const count = await this.#host.call('deliveries_count', { filter: this.filter });
      if (generation === this.#generation) this.count = count;
      else void this.recount();
    } catch {
      // The list says what is wrong with the log or the filter; a count of an earlier moment is better than none.
    }
  }

  /** The selection names a row that is there: the old one, the newest while following, or none. */
  #settleSelection(): void {
    const ids = new Set(this.#drawn.map((row) => row.id));
    for (const id of this.marked) if (!ids.has(id)) this.marked.delete(id);
    const stays = !this.following && this.selectedIndex >= 0;
    if (!stays) this.#open(this.rows[0]?.id ?? null);
  }

  async #mark(ids: string[], change: { read: boolean | null; pinned: boolean | null }): Promise<void> {
    if (ids.length === 0) return;
    try {
      await this.#host.call('deliveries_mark', { ids, ...change });
    } catch (error) {
      this.#report(asCommandError(error));
      return;
    }
    const marked = (rows: readonly DeliverySummary[]): readonly DeliverySummary[] =>
      rows.map((row) =>
        ids.includes(row.id) ? { ...row, read: change.read ?? row.read, pinned: change.pinned ?? row.pinned } : row,
      );
    this.rows = marked(this.rows);
    this.groups.update(marked);
  }

  #drop(gone: (row: DeliverySummary) => boolean, select?: string): void {
    const selected = this.lines.find((line) => line.row.id === select)?.row;
    this.rows = this.rows.filter((row) => !gone(row));
    this.groups.update((rows) => rows.filter((row) => !gone(row)));
    // The members of an open group whose row is gone: the newest stands for them until the list has been read again.
    if (selected && !this.#row(selected.id)) this.#show(insertRows(this.rows, [selected]));
    this.marked.clear();
    this.#anchor = null;
    this.#open(select ?? this.rows.at(-1)?.id ?? null);
  }
}
