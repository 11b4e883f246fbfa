/**
 * The list of deliveries: filter, pages, arrivals, selection, deleting.
 *
 * Invariants: rows are newest first, each once; an answer to an older filter never overwrites a newer one's. The filter
 * is judged by the engine alone: while one is set, arrivals ask for the newest page instead of being matched here.
 */
import { SvelteSet } from 'svelte/reactivity';
import type {
  CommandError,
  Deletion,
  DeliveryCount,
  DeliverySummary,
  EngineEvent,
  FilterTerm,
  TextPosition,
} from '../bindings';
import { asCommandError } from '../host';
import type { Listener } from './app.svelte';
import { coalesce } from './coalesce';
import { Detail } from './detail.svelte';
import type { Host, Report } from './host';
import { Pages } from './pages';
import { compareIds, idRange, insertRows, joinNewest, replaceRows } from './rows';

/** Rows a page. */
const PAGE = 200;
/** While the newest is followed nobody looks at the old rows: beyond this many the list starts again from its top. */
const FOLLOWED_ROWS = 2000;
/** From the last key to the filter's use, in milliseconds. */
const TYPING = 150;

/** What is wrong with the filter, and where. */
export interface FilterError {
  message: string;
  at: TextPosition | null;
}

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

  /** The filter as typed. */
  text = $state('');
  /** The filter that the rows answer to. */
  filter = $state('');
  terms: readonly FilterTerm[] = $state.raw([]);
  filterError: FilterError | null = $state.raw(null);

  /** The row that is opened. */
  selected: string | null = $state(null);
  /** The rows that are marked for an action on several. */
  readonly marked = new SvelteSet<string>();
  /** The newest is selected as it arrives, until the user moves by hand. */
  following = $state(true);
  /** Arrivals since following paused. */
  arrived = $state(0);
  /** What was deleted, the last at the end: each can be undone. */
  deletions: readonly Deletion[] = $state.raw([]);
  /** The notice of the last deletion is shown. */
  undoShown = $state(false);

  readonly detail: Detail;
  /** Reads the counts again. */
  readonly recount: () => Promise<void>;

  #host: Host;
  #report: Report;
  #next: string | null = null;
  #pages: Pages;
  /** Rises with every reading from the top; answers to an older one are dropped. */
  #generation = 0;
  /** Rises with every filter that is parsed. */
  #parsed = 0;
  #typing: ReturnType<typeof setTimeout> | undefined;
  #anchor: string | null = null;
  #refreshNewest: () => Promise<void>;

  constructor(host: Host, report: Report) {
    this.#host = host;
    this.#report = report;
    this.detail = new Detail(host);
    this.recount = coalesce(() => this.#readCount());
    this.#refreshNewest = coalesce(() => this.#readNewest());
    this.#pages = new Pages(host, () => void this.#refreshNewest());
  }

  /** Nothing is in the log at all. */
  get empty(): boolean {
    return this.count !== null && this.count.total === 0 && this.rows.length === 0;
  }

  get selectedIndex(): number {
    return this.rows.findIndex((row) => row.id === this.selected);
  }

  get selectedRow(): DeliverySummary | null {
    return this.rows.find((row) => row.id === this.selected) ?? null;
  }

  /** What an action works on: the marked rows, or the selected one. */
  get targets(): string[] {
    if (this.marked.size > 0) return [...this.marked];
    return this.selected === null ? [] : [this.selected];
  }

  // Filter

  /** Takes what was typed; it is used when the typing pauses. */
  type(text: string): void {
    this.text = text;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => void this.applyFilter(text), TYPING);
  }

  /** Uses a filter at once. The rows stay where it is wrong. */
  async applyFilter(text: string): Promise<void> {
    clearTimeout(this.#typing);
    this.text = text;
    const parsed = ++this.#parsed;
    try {
      const terms = await this.#host.call('filter_parse', { filter: text });
      if (parsed !== this.#parsed) return;
      this.terms = terms;
      this.filterError = null;
    } catch (error) {
      if (parsed !== this.#parsed) return;
      const { code, message, detail } = asCommandError(error);
      if (code === 'bad_filter') this.filterError = { message, at: detail };
      else this.#report({ code, message, detail });
      return;
    }
    if (text === this.filter && this.loaded && this.error === null) return;
    this.filter = text;
    this.marked.clear();
    this.arrived = 0;
    await this.#startAgain(++this.#generation);
  }

  // Pages

  /** Reads everything that is shown again. */
  async reread(): Promise<void> {
    await Promise.all([this.#startAgain(++this.#generation), this.detail.refresh()]);
  }

  /** Reads the next page, if there is one and none is being read. */
  async loadMore(): Promise<void> {
    if (this.loading || this.#next === null) return;
    const generation = this.#generation;
    this.loading = true;
    try {
      const page = await this.#pages.read(this.filter, this.#next, PAGE);
      if (generation !== this.#generation) return;
      this.rows = insertRows(this.rows, page.items);
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
    if (this.rows.length === 0) return;
    const last = this.rows.length - 1;
    const at = this.selectedIndex;
    const to = by === 'first' ? 0 : by === 'last' ? last : at < 0 ? 0 : Math.min(last, Math.max(0, at + by));
    const row = this.rows[to];
    if (row) this.select(row.id);
    if (to >= last - 20) void this.loadMore();
  }

  /** Marks or unmarks a row. */
  toggleMark(id: string): void {
    if (!this.marked.delete(id)) this.marked.add(id);
    this.#anchor = id;
  }

  /** Marks all rows from the last one touched to this. */
  markRange(to: string): void {
    this.following = false;
    for (const id of idRange(this.rows, this.#anchor ?? this.selected, to)) this.marked.add(id);
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
    if (this.rows.find((row) => row.id === id)?.read === false) await this.#mark([id], { read: true, pinned: null });
  }

  /** Pins the targets, or unpins them where all are pinned. */
  async togglePin(): Promise<void> {
    const ids = this.targets;
    const pinned = !this.rows.filter((row) => ids.includes(row.id)).every((row) => row.pinned);
    await this.#mark(ids, { read: null, pinned });
  }

  // Deleting

  /** Deletes the targets; the row after them is selected. */
  async remove(): Promise<void> {
    const ids = new Set(this.targets);
    if (ids.size === 0) return;
    const from = this.rows.findIndex((row) => ids.has(row.id));
    try {
      const deletion = await this.#host.call('deliveries_delete', { ids: [...ids] });
      const after = this.rows.slice(from).find((row) => !ids.has(row.id));
      this.#drop((row) => ids.has(row.id), after?.id);
      this.#deleted(deletion);
    } catch (error) {
      this.#report(asCommandError(error));
    }
  }

  /** Deletes all that the filter matches. */
  async clear(): Promise<void> {
    try {
      const deletion = await this.#host.call('deliveries_clear', { filter: this.filter });
      this.#drop(() => true);
      this.#deleted(deletion);
      await this.reread();
    } catch (error) {
      this.#report(asCommandError(error));
    }
  }

  /** Brings back what was deleted last. */
  async undo(): Promise<void> {
    const deletion = this.deletions.at(-1);
    if (!deletion) return;
    this.undoShown = false;
    try {
      const restored = await this.#host.call('deliveries_restore', { token: deletion.token });
      this.deletions = this.deletions.filter((one) => one !== deletion);
      if (restored === 0) {
        const message = 'What was deleted is no longer in the log: it was removed for good meanwhile.';
        this.#report({ code: 'not_found', message, detail: null });
      }
      await this.#startAgain(++this.#generation);
    } catch (error) {
      this.undoShown = true;
      this.#report(asCommandError(error));
    }
  }

  // Events

  onEvents(events: readonly EngineEvent[]): void {
    const added: DeliverySummary[] = [];
    const changed: DeliverySummary[] = [];
    let uncounted = false;
    let reread = false;
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
    if (changed.length > 0) {
      this.rows = replaceRows(this.rows, changed);
      void this.detail.refresh(changed.map((row) => row.id));
    }
    if (reread) void this.detail.refresh();
    else if (added.length > 0) {
      const longer = this.detail.ofEvents(added);
      if (longer.length > 0) void this.detail.refresh(longer);
    }
    if (reread) void this.#rereadLoaded();
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
    this.rows = rows();
    if (this.following) {
      if (this.rows[0] && this.rows[0].id !== this.selected) this.#open(this.rows[0].id);
      if (this.rows.length > FOLLOWED_ROWS) void this.#startAgain(++this.#generation);
    } else {
      this.arrived += this.rows.filter((row) => !newest || compareIds(row.id, newest) > 0).length;
    }
  }

  #open(id: string | null): void {
    this.selected = id;
    void this.detail.open(id);
  }

  #setNext(next: string | null): void {
    this.#next = next;
    this.more = next !== null;
  }

  async #startAgain(generation: number): Promise<void> {
    this.loading = true;
    try {
      const page = await this.#pages.read(this.filter, null, PAGE);
      if (generation !== this.#generation) return;
      this.rows = page.items;
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
      const page = await this.#pages.read(this.filter, null, limit);
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
      const page = await this.#pages.read(this.filter, null, PAGE);
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
    const ids = new Set(this.rows.map((row) => row.id));
    for (const id of this.marked) if (!ids.has(id)) this.marked.delete(id);
    const stays = !this.following && this.selected !== null && ids.has(this.selected);
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
    this.rows = this.rows.map((row) =>
      ids.includes(row.id) ? { ...row, read: change.read ?? row.read, pinned: change.pinned ?? row.pinned } : row,
    );
  }

  #drop(gone: (row: DeliverySummary) => boolean, select?: string): void {
    this.rows = this.rows.filter((row) => !gone(row));
    this.marked.clear();
    this.#anchor = null;
    this.#open(select ?? this.rows.at(-1)?.id ?? null);
  }

  #deleted(deletion: Deletion): void {
    if (deletion.count === 0) return;
    this.deletions = [...this.deletions, deletion];
    this.undoShown = true;
    void this.recount();
  }
}
