/** The catalogue of providers, with the user's secrets without their values. */
import type { CommandError, EngineEvent, ProviderInfo } from '../bindings';
import { asCommandError } from '../host';
import type { Listener } from './app.svelte';
import { coalesce } from './coalesce';
import type { Host } from './host';

export class Providers implements Listener {
  /** In the order of the catalogue. */
  list: readonly ProviderInfo[] = $state.raw([]);
  /** It was read at least once. */
  loaded = $state(false);
  /** Why it could not be read. */
  error: CommandError | null = $state.raw(null);
  /** The one that is open in the providers' view; none for the first. */
  selected: string | null = $state(null);

  /** The catalogue is looked at: what deliveries change of it, such as when a secret last matched, is read at once. */
  watched = false;

  /** Reads the catalogue again. */
  readonly load: () => Promise<void>;

  #byId = $derived(new Map(this.list.map((provider) => [provider.id, provider])));
  #byScheme = $derived(
    new Map(this.list.flatMap((provider) => provider.schemes.map((scheme) => [scheme.id, provider] as const))),
  );

  #host: Host;

  constructor(host: Host) {
    this.#host = host;
    this.load = coalesce(async () => {
      try {
        this.list = await host.call('providers', {});
        this.loaded = true;
        this.error = null;
      } catch (error) {
        this.error = asCommandError(error);
      }
    });
  }

  /** A provider by its id. */
  byId(id: string): ProviderInfo | undefined {
    return this.#byId.get(id);
  }

  /** The name of a provider, or its id while the catalogue is not there. */
  name(id: string): string {
    return this.#byId.get(id)?.name ?? id;
  }

  /** The name of the provider whose scheme it is. */
  schemeName(scheme: string): string {
    return (this.#byScheme.get(scheme) ?? this.#byId.get(scheme))?.name ?? scheme;
  }

  /** Routes a path to a provider; rejects with a `CommandError`. */
  async pinPath(path: string, provider: string): Promise<void> {
    await this.#host.call('pin_set', { path, provider });
    await this.load();
  }

  onEvents(events: readonly EngineEvent[]): void {
    const deliveries = ['delivery_added', 'deliveries_added', 'verdicts_changed', 'deliveries_changed'];
    const touched = (event: EngineEvent): boolean =>
      event.type === 'providers_changed' || (this.watched && deliveries.includes(event.type));
    if (events.some(touched)) void this.load();
  }

  onReread(): void {
    void this.load();
  }
}
