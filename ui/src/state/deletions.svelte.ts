/** What was deleted, so that it can be brought back until the app is closed. */
import type { Deletion } from '../bindings';
import { asCommandError } from '../host';
import type { Host, Report } from './host';

/** What was deleted, and how many groups were deleted whole. */
export interface Deleted extends Deletion {
  groups: number;
}

export class Deletions {
  /** The last at the end: each can be undone. */
  list: readonly Deleted[] = $state.raw([]);
  /** The notice of the last one is shown. */
  shown = $state(false);

  #host: Host;
  #report: Report;

  constructor(host: Host, report: Report) {
    this.#host = host;
    this.#report = report;
  }

  keep(deletion: Deletion, groups: number): void {
    if (deletion.count === 0) return;
    this.list = [...this.list, { ...deletion, groups }];
    this.shown = true;
  }

  /** Brings back what was deleted last; answers whether the list must be read again. */
  async undo(): Promise<boolean> {
    const deletion = this.list.at(-1);
    if (!deletion) return false;
    this.shown = false;
    try {
      const restored = await this.#host.call('deliveries_restore', { token: deletion.token });
      this.list = this.list.filter((one) => one !== deletion);
      if (restored === 0) {
        const message = 'What was deleted is no longer in the log: it was removed for good meanwhile.';
        this.#report({ code: 'not_found', message, detail: null });
      }
      return true;
    } catch (error) {
      this.shown = true;
      this.#report(asCommandError(error));
      return false;
    }
  }
}
