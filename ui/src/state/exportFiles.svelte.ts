/**
 * The files of the export, page by page, as they are looked at.
 *
 * Invariant: an answer about an earlier export, or to another question, is never shown.
 */
import { SvelteMap } from 'svelte/reactivity';
import type { ExportFile } from '../bindings';
import { asCommandError } from '../host';
import type { Host, Report } from './host';

/** Files a page. */
const PAGE = 200;

export class ExportFiles {
  /** How many there are. */
  count = $state(0);

  #pages = new SvelteMap<number, readonly ExportFile[]>();
  #asked = new Set<number>();
  #existingOnly = false;
  #question = 0;
  #host: Host;
  #report: Report;

  constructor(host: Host, report: Report) {
    this.#host = host;
    this.#report = report;
  }

  /** Another export is over: `count` files, or only those that are in the way. */
  show(count: number, existingOnly: boolean): void {
    this.#question += 1;
    this.#asked.clear();
    this.#pages.clear();
    this.#existingOnly = existingOnly;
    this.count = count;
  }

  /** File `n`; none while its page is read. */
  at(n: number): ExportFile | null {
    return this.#pages.get(Math.floor(n / PAGE))?.[n % PAGE] ?? null;
  }

  /** File `n` is on the screen: its page is read, once. */
  want(n: number): void {
    const page = Math.floor(n / PAGE);
    if (this.#asked.has(page)) return;
    this.#asked.add(page);
    void this.#read(page);
  }

  async #read(page: number): Promise<void> {
    const question = this.#question;
    try {
      const args = { from: page * PAGE, limit: PAGE, existing_only: this.#existingOnly };
      const files = await this.#host.call('export_files', args);
      if (question === this.#question) this.#pages.set(page, files);
    } catch (error) {
      if (question !== this.#question) return;
      this.#asked.delete(page);
      this.#report(asCommandError(error));
    }
  }
}
