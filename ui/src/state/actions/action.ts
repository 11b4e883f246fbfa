/** What an action is, and what it works on. */
import type { App } from '../app.svelte';
import type { Compose } from '../compose.svelte';
import type { Batch } from '../batch.svelte';
import type { EndpointCheck } from '../check.svelte';
import type { Comparing } from '../comparing.svelte';
import type { Importing } from '../importing.svelte';
import type { Deliveries } from '../deliveries.svelte';
import type { Exporting } from '../export.svelte';
import type { Fixtures } from '../fixtures.svelte';
import type { Lab } from '../lab.svelte';
import type { Providers } from '../providers.svelte';
import type { Settings } from '../settings.svelte';
import type { Shell, View } from '../shell.svelte';

/** What actions work on. */
export interface Context {
  app: App;
  batch: Batch;
  check: EndpointCheck;
  comparing: Comparing;
  exporting: Exporting;
  importing: Importing;
  lab: Lab;
  deliveries: Deliveries;
  fixtures: Fixtures;
  providers: Providers;
  settings: Settings;
  shell: Shell;
  /** Moves the focus. */
  focus: (to: 'list' | 'filter' | 'detail') => void;
  /** Puts a text on the clipboard. */
  copy: (text: string) => Promise<void>;
  /** Sends a test delivery of a provider. */
  sendTest: (provider: string) => Promise<void>;
  compose: Compose;
  /** Opens a delivery in the editor. */
  edit: (delivery: string) => Promise<void>;
  /** Sends a delivery again as it came. */
  resend: (delivery: string) => Promise<void>;
  /** Opens the retry lab with a delivery. */
  rehearse: (delivery: string) => void;
  /** Copies a delivery as a command. */
  copyCurl: (delivery: string) => Promise<void>;
}

export interface Action {
  id: string;
  title: string;
  /** Beside the title in the palette, where it depends on what is there. */
  words?: (context: Context) => string;
  group: 'Deliveries' | 'Compose' | 'Retry lab' | 'Endpoint check' | 'Fixtures' | 'Window' | 'Filter';
  /** It acts in this view alone, and its keys may mean something else in others. */
  view?: View;
  /** As `keys.ts` writes them; a sequence has a space. */
  keys: readonly string[];
  /** The words of the footer; absent: not shown there. */
  hint?: string;
  /** Keys that a control uses itself (arrows, Enter, Del) count only where the focus is on the list or on nothing. */
  onList?: true;
  /** Holding the key runs it again and again. */
  repeats?: true;
  /** Works while typing too. */
  whileTyping?: true;
  /** Not in the palette: it makes sense as a key alone. */
  keyOnly?: true;
  when?: (context: Context) => boolean;
  run: (context: Context) => void;
}
