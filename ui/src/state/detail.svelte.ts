/**
 * The opened delivery. Invariant: what is shown belongs to the delivery that was opened last, however late an answer
 * to an earlier one comes.
 */
import type { CommandError, DeliveryDetail, DeliverySummary } from '../bindings';
import { asCommandError } from '../host';
import type { Host } from './host';

/** Enough for moving up and down; a detail has no body and is small. */
const KEPT = 64;
/** Read at once: explaining a large delivery takes a while, and who holds a key passes many. The last one comes anyhow. */
const AT_ONCE = 2;

export class Detail {
  /** The opened delivery's id. */
  id: string | null = $state(null);
  /** What is known of it; of the same id, or none while it is read for the first time. */
  value: DeliveryDetail | null = $state.raw(null);
  error: CommandError | null = $state.raw(null);

  #host: Host;
  #cache = new Map<string, DeliveryDetail>();
  #asked = 0;
  #reading = 0;
  /** The opened one is to be read as soon as there is a place. */
  #waits = false;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Opens a delivery, or none. */
  async open(id: string | null): Promise<void> {
    if (id === this.id && (this.value || this.error === null)) return;
    this.id = id;
    this.error = null;
    this.value = id === null ? null : (this.#cache.get(id) ?? null);
    if (id !== null && !this.value) await this.#read(id);
    else this.#asked += 1;
  }

  /** Forgets what may have changed (all, without `ids`) and reads the opened one again; the old one stays shown meanwhile. */
  async refresh(ids?: readonly string[]): Promise<void> {
    if (!ids) this.#cache.clear();
    else for (const id of ids) this.#cache.delete(id);
    if (this.id !== null && (!ids || ids.includes(this.id))) await this.#read(this.id);
  }

  /** The ids of what is known of these events: its history has become longer. */
  ofEvents(rows: readonly DeliverySummary[]): string[] {
    const name = (row: DeliverySummary): string | null =>
      row.provider === null || row.event_id === null ? null : JSON.stringify([row.provider, row.event_id]);
    const events = new Set(rows.map(name).filter((event) => event !== null));
    const own = new Set(rows.map((row) => row.id));
    return [...this.#cache.values()].flatMap(({ summary }) =>
      events.has(name(summary) ?? '') && !own.has(summary.id) ? [summary.id] : [],
    );
  }

  async #read(id: string): Promise<void> {
    const asked = ++this.#asked;
    if (this.#reading >= AT_ONCE) {
      this.#waits = true;
      return;
    }
    this.#waits = false;
    this.#reading += 1;
    try {
      const value = await this.#host.call('delivery_detail', { id });
      if (asked !== this.#asked) return;
      this.#cache.delete(id);
      this.#cache.set(id, value);
      for (const oldest of this.#cache.keys()) {
        if (this.#cache.size <= KEPT) break;
        this.#cache.delete(oldest);
      }
      this.value = value;
      this.error = null;
    } catch (error) {
      if (asked !== this.#asked) return;
      this.value = null;
      this.error = asCommandError(error);
    } finally {
      this.#reading -= 1;
      // What was opened while all places were taken.
      if (this.#waits && this.id !== null) void this.#read(this.id);
    }
  }
}
