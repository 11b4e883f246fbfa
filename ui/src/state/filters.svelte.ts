/** The saved filters of the left column. */
import type { EngineEvent, SavedFilter } from '../bindings';
import { asCommandError } from '../host';
import type { Listener } from './app.svelte';
import { coalesce } from './coalesce';
import type { Host, Report } from './host';

export class SavedFilters implements Listener {
  /** As the engine orders them. */
  list: readonly SavedFilter[] = $state.raw([]);

  /** Reads them and their counts again. */
  readonly load: () => Promise<void>;
  #host: Host;
  #report: Report;

  constructor(host: Host, report: Report) {
    this.#host = host;
    this.#report = report;
    this.load = coalesce(async () => {
      try {
        this.list = await host.call('saved_filters', {});
      } catch (error) {
        report(asCommandError(error));
      }
    });
  }

  /** Keeps a filter under a name; answers whether that worked. */
  async save(name: string, filter: string): Promise<boolean> {
    return this.#change(() => this.#host.call('saved_filter_set', { name, filter }));
  }

  /** Removes one. */
  async remove(name: string): Promise<boolean> {
    return this.#change(() => this.#host.call('saved_filter_remove', { name }));
  }

  onEvents(events: readonly EngineEvent[]): void {
    const told = events.some((event) =>
      [
        'saved_filters_changed',
        'delivery_added',
        'deliveries_added',
        'deliveries_changed',
        'verdicts_changed',
      ].includes(event.type),
    );
    // Without a saved filter no count can have changed; a new one is told by its own event.
    if (told && (this.list.length > 0 || events.some((event) => event.type === 'saved_filters_changed'))) {
      void this.load();
    }
  }

  onReread(): void {
    void this.load();
  }

  async #change(run: () => Promise<null>): Promise<boolean> {
    try {
      await run();
      await this.load();
      return true;
    } catch (error) {
      this.#report(asCommandError(error));
      return false;
    }
  }
}
