/** Choosing a captured delivery for the lab: what fits the search, newest first. */
import type { DeliverySummary } from '../bindings';
import { asCommandError } from '../host';
import { coalesce } from './coalesce';
import type { Host } from './host';

/** As many as are looked through by eye; the search finds the others. */
const MOST = 50;

export class DeliveryPick {
  open = $state(false);
  /** A filter, as in the list of deliveries. */
  text = $state('');
  rows: readonly DeliverySummary[] = $state.raw([]);
  /** There are more than are shown. */
  more = $state(false);
  loaded = $state(false);
  /** What is wrong with the filter, or with the log. */
  error: string | null = $state(null);

  readonly search: () => Promise<void>;

  constructor(host: Host) {
    this.search = coalesce(async () => {
      const filter = this.text;
      try {
        const page = await host.call('deliveries_page', { filter, before: null, limit: MOST, grouped: false });
        if (filter !== this.text) return;
        this.rows = page.items;
        this.more = page.next !== null;
        this.error = null;
      } catch (error) {
        if (filter === this.text) this.error = asCommandError(error).message;
      }
      this.loaded = true;
    });
  }

  show(): void {
    this.open = true;
    void this.search();
  }
}
