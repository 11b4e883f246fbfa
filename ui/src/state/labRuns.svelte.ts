/** Earlier runs of the retry lab: pages of them, newest first, and two of them side by side. */
import type { CommandError, LabComparison, RunInfo } from '../bindings';
import { asCommandError } from '../host';
import { coalesce } from './coalesce';
import type { Host, Report } from './host';
import { compareIds } from './rows';

/** Runs a page. */
export const PAGE = 30;

export class LabRuns {
  list: readonly RunInfo[] = $state.raw([]);
  /** Where the next page begins; none where there is none. */
  next: string | null = $state(null);
  loaded = $state(false);
  error: CommandError | null = $state.raw(null);
  /** Marked for being compared: two at the most. */
  marked: readonly string[] = $state.raw([]);
  comparison: LabComparison | null = $state.raw(null);
  comparing = $state(false);

  readonly load: () => Promise<void>;
  #host: Host;
  #report: Report;

  constructor(host: Host, report: Report) {
    this.#host = host;
    this.#report = report;
    this.load = coalesce(async () => {
      try {
        // As many as are shown already: what was paged in stays.
        const limit = Math.max(PAGE, this.list.length);
        const page = await host.call('runs_page', { kind: 'lab', before: null, limit });
        this.list = page.runs;
        this.next = page.next;
        this.loaded = true;
        this.error = null;
        this.marked = this.marked.filter((id) => page.runs.some((run) => run.id === id));
      } catch (error) {
        this.error = asCommandError(error);
      }
    });
  }

  async more(): Promise<void> {
    if (this.next === null) return;
    try {
      const page = await this.#host.call('runs_page', { kind: 'lab', before: this.next, limit: PAGE });
      const known = new Set(this.list.map((run) => run.id));
      this.list = [...this.list, ...page.runs.filter((run) => !known.has(run.id))];
      this.next = page.next;
    } catch (error) {
      this.#report(asCommandError(error));
    }
  }

  /** Removes a run with its attempts; answers whether it is gone. */
  async remove(id: string): Promise<boolean> {
    try {
      await this.#host.call('run_remove', { id });
    } catch (error) {
      this.#report(asCommandError(error));
      return false;
    }
    this.list = this.list.filter((run) => run.id !== id);
    this.marked = this.marked.filter((one) => one !== id);
    return true;
  }

  /** Marks a run for being compared, or takes that back; a third one takes the first one's place. */
  mark(id: string, on: boolean): void {
    const others = this.marked.filter((one) => one !== id);
    this.marked = on ? [...others, id].slice(-2) : others;
  }

  /** Puts the two that are marked side by side, the older one first. */
  async compare(): Promise<void> {
    const [a, b] = [...this.marked].sort(compareIds);
    if (a === undefined || b === undefined || this.comparing) return;
    this.comparing = true;
    try {
      this.comparison = await this.#host.call('lab_compare', { a, b });
    } catch (error) {
      this.#report(asCommandError(error));
    } finally {
      this.comparing = false;
    }
  }
}
