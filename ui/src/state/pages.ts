/**
 * Reads pages of deliveries. Invariant: an answer is never older than an event that came before it: what is told while
 * a page is being read is put into its answer.
 */
import type { DeliveryPage, DeliverySummary } from '../bindings';
import type { Host } from './host';
import { insertRows, replaceRows } from './rows';

export class Pages {
  #host: Host;
  #askAgain: () => void;
  #reads = 0;
  #added: DeliverySummary[] = [];
  #changed: DeliverySummary[] = [];

  /** `askAgain` is called where something arrived meanwhile of which the engine alone knows whether the filter fits. */
  constructor(host: Host, askAgain: () => void) {
    this.#host = host;
    this.#askAgain = askAgain;
  }

  /** Takes what was told; nothing while no page is being read. */
  tell(added: readonly DeliverySummary[], changed: readonly DeliverySummary[]): void {
    if (this.#reads === 0) return;
    this.#added.push(...added);
    this.#changed.push(...changed);
  }

  /** Forgets it: rows were deleted or restored, and the list is read again. */
  forget(): void {
    this.#added = [];
    this.#changed = [];
  }

  /** Reads a page: the newest, or what is older than `before`. Rejects with a `CommandError`. */
  async read(filter: string, before: string | null, limit: number, grouped: boolean): Promise<DeliveryPage> {
    this.#reads += 1;
    try {
      const page = await this.#host.call('deliveries_page', { filter, before, limit, grouped });
      let items = replaceRows(page.items, this.#changed);
      if (before === null && this.#added.length > 0) {
        if (filter === '') items = insertRows(items, this.#added);
        else if (this.#reads === 1) {
          this.#added = [];
          this.#askAgain();
        }
      }
      return { items: [...items], next: page.next };
    } finally {
      this.#reads -= 1;
      if (this.#reads === 0) this.forget();
    }
  }
}
