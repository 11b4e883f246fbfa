/**
 * The items of the import, page by page: those that are looked at, read again as the import goes on.
 *
 * Invariant: an answer to an earlier question (another import, another outcome) is never shown.
 */
import type { ImportItem } from '../bindings';
import { asCommandError } from '../host';
import { coalesce } from './coalesce';
import type { Host, Report } from './host';
import type { Only } from './importWords';

/** Items a page. */
const PAGE = 100;
/** From one reading to the next while the import goes on, in milliseconds: eyes follow no faster. */
const PACE = 400;

export class ImportItemPages {
  only: Only = $state('all');
  /** As many can be listed. */
  total = $state(0);

  #pages: ReadonlyMap<number, readonly ImportItem[]> = $state.raw(new Map());
  #host: Host;
  #report: Report;
  #watched = false;
  #looked: readonly [number, number] = [0, 0];
  /** Rises with every change of the question. */
  #question = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #read: () => Promise<void>;

  constructor(host: Host, report: Report) {
    this.#host = host;
    this.#report = report;
    this.#read = coalesce(() => this.#readLooked());
  }

  /** Item `n`; none while its page is read. */
  at(n: number): ImportItem | null {
    return this.#pages.get(Math.floor(n / PAGE))?.[n % PAGE] ?? null;
  }

  /** The list is seen, or no longer. */
  watch(watched: boolean): void {
    this.#watched = watched;
    if (watched) void this.#read();
  }

  /** These are on the screen: from the first to before the end. */
  look(first: number, end: number): void {
    const pages = [Math.floor(first / PAGE), Math.floor(Math.max(first, end - 1) / PAGE)] as const;
    const known = pages[0] === this.#looked[0] && pages[1] === this.#looked[1];
    this.#looked = pages;
    if (!known && this.#watched) void this.#read();
  }

  /** Shows only those of one outcome, or all. */
  choose(only: Only): void {
    this.only = only;
    this.forget();
    if (this.#watched) void this.#read();
  }

  /** Another import, or another question. */
  forget(): void {
    this.#question += 1;
    this.#looked = [0, 0];
    this.#pages = new Map();
    this.total = 0;
  }

  /** The import went on: what is looked at is read again, at its pace while it runs and at once when it is over. */
  changed(running: boolean): void {
    if (!this.#watched) return;
    if (!running) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      void this.#read();
      return;
    }
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#read();
    }, PACE);
  }

  async #readLooked(): Promise<void> {
    const [first, last] = this.#looked;
    const question = this.#question;
    const outcome = this.only === 'all' ? null : this.only;
    try {
      const read = new Map<number, readonly ImportItem[]>();
      let total = 0;
      for (let page = first; page <= last; page++) {
        const answer = await this.#host.call('import_items', { from: page * PAGE, limit: PAGE, outcome });
        read.set(page, answer.items);
        total = answer.total;
      }
      if (question === this.#question) {
        this.#pages = read;
        this.total = total;
      } else void this.#read();
    } catch (error) {
      this.#report(asCommandError(error));
    }
  }
}
