/**
 * The items of the batch, page by page: those that are looked at, read again as the batch goes on.
 *
 * Invariant: an answer to an earlier question (another batch, all instead of the open ones) is never shown.
 */
import type { BatchItem } from '../bindings';
import { asCommandError } from '../host';
import { coalesce } from './coalesce';
import type { Host, Report } from './host';

/** Items a page. */
const PAGE = 100;
/** From one reading to the next while the batch goes on, in milliseconds: eyes follow no faster. */
const PACE = 400;

export class BatchItems {
  /** Only what was not accepted: refused, without an answer, or not sent. */
  openOnly = $state(false);

  #pages: ReadonlyMap<number, readonly BatchItem[]> = $state.raw(new Map());
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
  at(n: number): BatchItem | null {
    return this.#pages.get(Math.floor(n / PAGE))?.[n % PAGE] ?? null;
  }

  /** The list is open, or no longer. */
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

  /** Shows only what was not accepted, or all. */
  choose(openOnly: boolean): void {
    this.openOnly = openOnly;
    this.forget();
    if (this.#watched) void this.#read();
  }

  /** Another batch, or another question. */
  forget(): void {
    this.#question += 1;
    this.#pages = new Map();
  }

  /** The batch went on: what is looked at is read again, at its pace while it runs and at once when it is over. */
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
    try {
      const read = new Map<number, readonly BatchItem[]>();
      for (let page = first; page <= last; page++) {
        const args = { from: page * PAGE, limit: PAGE, open_only: this.openOnly };
        read.set(page, await this.#host.call('batch_items', args));
      }
      if (question === this.#question) this.#pages = read;
      else void this.#read();
    } catch (error) {
      this.#report(asCommandError(error));
    }
  }
}
