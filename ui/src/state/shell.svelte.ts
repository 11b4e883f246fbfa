/** What the window itself shows: the view, the tab, what is open above it, what is announced. */
import type { CommandError, EngineEvent } from '../bindings';
import { plural } from './format';
import type { Listener } from './app.svelte';

export type View =
  'deliveries' | 'compose' | 'lab' | 'check' | 'fixtures' | 'responses' | 'forwarding' | 'providers' | 'settings';
export type DetailTab = 'signature' | 'body' | 'headers' | 'raw' | 'response' | 'history';

/** What was just done, in a sentence. */
export interface Said {
  words: string;
  tone: 'pass' | 'fail' | 'info';
  /** Where it can be looked at. */
  look?: { label: string; run: () => void };
}

export const DETAIL_TABS: readonly DetailTab[] = ['signature', 'body', 'headers', 'raw', 'response', 'history'];

/** From the first arrival to its announcement: a burst is said once. Milliseconds. */
const ANNOUNCE = 1500;

export class Shell implements Listener {
  view: View = $state('deliveries');
  tab: DetailTab = $state('signature');
  /** The scheme whose signing is explained, for one delivery; for others it is the one that matters most. */
  chosen: { delivery: string; scheme: string } | null = $state.raw(null);
  /** Under 900 px: the detail covers the list. */
  covered = $state(false);
  palette = $state(false);
  help = $state(false);
  /** The dialog of the public address. */
  tunnel = $state(false);
  /** The name of a filter is being asked for. */
  saving = $state(false);
  /** Deleting all that is shown is being confirmed. */
  clearing = $state(false);
  /** What could not be done; stays until it is put away. */
  problem: CommandError | null = $state.raw(null);
  /** Something to know that asks for nothing; stays until it is put away. */
  note: string | null = $state(null);
  /** What was just done, for a few seconds. Nothing that asks for something. */
  said: Said | null = $state.raw(null);
  /** For screen readers. */
  announcement = $state('');

  #heard = 0;
  #last = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Something of the window's own stands above the view. */
  get over(): boolean {
    return this.palette || this.help || this.tunnel;
  }

  /** Opens the signature tab with a scheme's explanation. */
  openScheme(delivery: string, scheme: string): void {
    this.tab = 'signature';
    this.chosen = { delivery, scheme };
  }

  readonly report = (error: CommandError): void => {
    this.problem = error;
  };

  onEvents(events: readonly EngineEvent[]): void {
    for (const event of events) {
      if (event.type === 'deliveries_added') this.#heard += event.count;
      if (event.type !== 'delivery_added') continue;
      this.#heard += 1;
      this.#last = event.delivery.event_type ?? `${event.delivery.method} ${event.delivery.path}`;
    }
    if (this.#heard === 0 || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.announcement = `${plural(this.#heard, 'new delivery', 'new deliveries')}${this.#last ? `, last ${this.#last}` : ''}`;
      this.#heard = 0;
      this.#last = '';
      this.#timer = undefined;
    }, ANNOUNCE);
  }

  onReread(): void {
    // Nothing of it comes from the engine.
  }
}
