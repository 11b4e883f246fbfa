/** The ids that the user expects of a provider that does not sign: awaited ones, and those that a delivery reported. */
import type { CommandError, EngineEvent, ExpectedId } from '../bindings';
import { asCommandError } from '../host';
import type { Listener } from './app.svelte';
import type { Host } from './host';
import { readIds } from './readIds';

/** After these, another delivery may have reported an id. */
const TOUCHING: ReadonlySet<EngineEvent['type']> = new Set([
  'delivery_added',
  'deliveries_added',
  'verdicts_changed',
  'deliveries_changed',
  'providers_changed',
]);

export class ExpectedIds implements Listener {
  /** Whose ids these are; none while the list is closed. */
  provider: string | null = $state(null);
  list: readonly ExpectedId[] = $state.raw([]);
  error: CommandError | null = $state.raw(null);

  readonly awaited = $derived(this.list.filter((one) => one.matched_by === null));
  readonly matched = $derived(this.list.filter((one) => one.matched_by !== null));

  #host: Host;
  #turn = 0;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Opens a provider's list. */
  async open(provider: string): Promise<void> {
    if (provider !== this.provider) this.list = [];
    this.provider = provider;
    await this.#read();
  }

  /** Adds the ids of a pasted text; answers whether that was done. */
  add(text: string): Promise<boolean> {
    return this.#change('expected_ids_add', readIds(text));
  }

  /** Removes ids. */
  remove(ids: string[]): Promise<boolean> {
    return this.#change('expected_ids_remove', ids);
  }

  onEvents(events: readonly EngineEvent[]): void {
    if (this.provider !== null && events.some((event) => TOUCHING.has(event.type))) void this.#read();
  }

  onReread(): void {
    if (this.provider !== null) void this.#read();
  }

  async #change(command: 'expected_ids_add' | 'expected_ids_remove', ids: string[]): Promise<boolean> {
    const provider = this.provider;
    if (provider === null || ids.length === 0) return false;
    try {
      await this.#host.call(command, { provider, ids });
    } catch (error) {
      this.error = asCommandError(error);
      return false;
    }
    await this.#read();
    return true;
  }

  async #read(): Promise<void> {
    const provider = this.provider;
    if (provider === null) return;
    this.#turn += 1;
    const turn = this.#turn;
    try {
      const list = await this.#host.call('expected_ids', { provider });
      if (turn !== this.#turn) return;
      this.list = list;
      this.error = null;
    } catch (error) {
      if (turn === this.#turn) this.error = asCommandError(error);
    }
  }
}
