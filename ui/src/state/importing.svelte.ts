/**
 * The import: from where, what would come in, how far it has come.
 *
 * Invariants: nothing is written before `start`; the preview that is shown is that of the sources that are shown; what was
 * dropped or pasted is lost to nothing: where it cannot be taken now it waits.
 */
import type { CommandError, EngineEvent, ImportInput, ImportPreview, ImportRequest, ImportState } from '../bindings';
import { asCommandError, type FileDrop } from '../host';
import type { Listener } from './app.svelte';
import { plural } from './format';
import type { Host, Report } from './host';
import { ImportItemPages } from './importItems.svelte';
import { readsAsRequests, typedPath, type Only } from './importWords';

/** What the import needs beside the engine. */
export interface ImportOutside {
  report: Report;
  /** For screen readers. */
  say: (words: string) => void;
  chooseFiles: (title: string) => Promise<string[]>;
  chooseFolder: (title: string) => Promise<string | null>;
  onFileDrop: (tell: (drop: FileDrop) => void) => Promise<() => void>;
}

export class Importing implements Listener {
  /** The dialog is open. */
  open = $state(false);
  /** Sources are chosen, or an import is looked at. */
  stage: 'choose' | 'run' = $state('choose');

  paths: readonly string[] = $state.raw([]);
  /** The text that was pasted. */
  text = $state('');
  /** The path that is being typed. */
  typed = $state('');
  /** What is wrong with it. */
  typedError: string | null = $state(null);
  /** Whose the bare payloads are that are not recognised; empty: nobody's. */
  provider = $state('');

  /** What the sources would bring; none where there are no sources, or nothing is known yet. */
  preview: ImportPreview | null = $state.raw(null);
  /** It is being read anew. */
  looking = $state(false);
  /** The part of it that is shown. */
  only: Only = $state('all');
  /** Why it cannot be looked into, or did not start. */
  error: CommandError | null = $state.raw(null);
  starting = $state(false);

  /** The import that runs or ran last. */
  state: ImportState | null = $state.raw(null);
  readonly items: ImportItemPages;

  /** Files hover over the window. */
  over = $state(false);
  /** Dropped while something else had the window: they come in turn. */
  waiting: readonly string[] = $state.raw([]);

  #host: Host;
  #outside: ImportOutside;
  /** Another dialog is open. */
  #above = $state(false);
  /** The bar at the foot was put away: that of this import. */
  #dismissed: string | null = $state(null);
  /** Rises with every change of the sources. */
  #asked = 0;
  /** Rises with every event: answers to what was asked before it are older. */
  #heard = 0;

  constructor(host: Host, outside: ImportOutside) {
    this.#host = host;
    this.#outside = outside;
    this.items = new ImportItemPages(host, outside.report);
  }

  /** There is something to look into. */
  get hasSources(): boolean {
    return this.paths.length > 0 || this.text.trim() !== '';
  }

  /** The button does something. */
  get canStart(): boolean {
    const { preview } = this;
    return !this.looking && !this.starting && preview !== null && (preview.ready > 0 || preview.partial);
  }

  get running(): boolean {
    return this.state?.running ?? false;
  }

  /** A drop would have to wait. */
  get busy(): boolean {
    return this.#above || (this.open && this.stage === 'run' && this.running);
  }

  /** The import where the bar at the foot shows it. */
  get shown(): ImportState | null {
    if (this.open || !this.state || this.state.started_at === this.#dismissed) return null;
    return this.state;
  }

  /** Listens for files that are dragged onto the window; the answer ends that. */
  listen(): Promise<() => void> {
    return this.#outside.onFileDrop((drop) => this.dropped(drop));
  }

  /** Opens the dialog: on the import that goes on, else on the sources. */
  ask(): void {
    if (!this.running && this.stage === 'run') this.#choose();
    this.#show();
  }

  /** Opens the dialog on the import that runs or ran last. */
  look(): void {
    this.stage = 'run';
    this.#show();
  }

  /** Closes the dialog. The sources stay; an import goes on. */
  close(): void {
    this.open = false;
    this.items.watch(false);
    if (this.stage !== 'choose') return;
    this.#asked += 1;
    if (this.looking) {
      this.looking = false;
      this.preview = null;
      // Nobody waits for what is being looked into.
      void this.#host.call('import_cancel', {}).catch(() => undefined);
    }
  }

  /** Back to the sources, without those of before. */
  again(): void {
    this.#choose();
    this.#takeWaiting();
  }

  /** Puts the bar at the foot away. */
  dismiss(): void {
    this.#dismissed = this.state?.started_at ?? null;
  }

  /** Adds files and folders; those that are there already stay once. */
  add(paths: readonly string[]): void {
    const all = [...new Set([...this.paths, ...paths])];
    if (all.length === this.paths.length) return;
    this.paths = all;
    void this.refresh();
  }

  /** Takes one away. */
  remove(path: string): void {
    this.paths = this.paths.filter((one) => one !== path);
    void this.refresh();
  }

  /** Takes the path that was typed. */
  addTyped(): void {
    const read = typedPath(this.typed);
    if ('wrong' in read) {
      this.typedError = read.wrong;
      return;
    }
    this.typed = '';
    this.typedError = null;
    this.add([read.path]);
  }

  /** The pasted text is this one. */
  setText(text: string): void {
    this.text = text;
    void this.refresh();
  }

  setProvider(provider: string): void {
    this.provider = provider;
    void this.refresh();
  }

  async chooseFiles(): Promise<void> {
    await this.#ask(async () => this.add(await this.#outside.chooseFiles('Files to import')));
  }

  async chooseFolder(): Promise<void> {
    await this.#ask(async () => {
      const folder = await this.#outside.chooseFolder('A folder to import');
      if (folder !== null) this.add([folder]);
    });
  }

  /** Takes a text that was pasted on a page, where it reads as something to import; answers whether it does. */
  paste(text: string): boolean {
    if (this.open || this.#above || !readsAsRequests(text)) return false;
    this.#askAnew();
    if (this.stage === 'choose') this.setText(text);
    return this.stage === 'choose';
  }

  /** What files over the window are doing. */
  dropped(drop: FileDrop): void {
    this.over = drop.kind === 'over';
    if (drop.kind !== 'dropped' || drop.paths.length === 0) return;
    this.waiting = [...new Set([...this.waiting, ...drop.paths])];
    if (this.busy) {
      this.#outside.say(`${plural(this.waiting.length, 'dropped file waits', 'dropped files wait')}.`);
      return;
    }
    this.#askAnew();
    this.#takeWaiting();
  }

  /** Whether another dialog is open; what waited for its end is taken then. */
  setAbove(above: boolean): void {
    if (above === this.#above) return;
    this.#above = above;
    if (above || this.waiting.length === 0) return;
    this.#askAnew();
    this.#takeWaiting();
  }

  /** Looks into the sources anew. */
  async refresh(): Promise<void> {
    const asked = ++this.#asked;
    this.error = null;
    if (!this.hasSources) {
      this.looking = false;
      this.preview = null;
      return;
    }
    this.looking = true;
    try {
      const preview = await this.#host.call('import_preview', { request: this.#request() });
      if (asked !== this.#asked) return;
      this.preview = preview;
      if (this.only !== 'all' && !preview.items.some((item) => item.outcome === this.only)) this.only = 'all';
    } catch (error) {
      if (asked !== this.#asked) return;
      this.preview = null;
      this.error = asCommandError(error);
    }
    this.looking = false;
  }

  /** Imports. */
  async start(): Promise<void> {
    if (!this.canStart) return;
    this.starting = true;
    this.error = null;
    try {
      const heard = this.#heard;
      const state = await this.#host.call('import_start', { request: this.#request() });
      this.stage = 'run';
      if (heard === this.#heard) this.#take(state);
      this.items.choose('all');
      this.items.watch(this.open);
    } catch (error) {
      this.error = asCommandError(error);
    }
    this.starting = false;
  }

  /** Ends the import; what came in stays. */
  async cancel(): Promise<void> {
    await this.#ask(async () => void (await this.#host.call('import_cancel', {})));
  }

  onEvents(events: readonly EngineEvent[]): void {
    // The last one says it all.
    const last = events.findLast((event) => event.type === 'import');
    if (!last) return;
    this.#heard += 1;
    const ended = this.running && !last.running;
    this.#take(last);
    if (ended) this.#outside.say(last.outcome);
  }

  onReread(): void {
    const heard = this.#heard;
    void this.#ask(async () => {
      const state = await this.#host.call('import_state', {});
      if (heard === this.#heard) this.#take(state);
    });
  }

  #take(state: ImportState | null): void {
    if (state?.started_at !== this.state?.started_at) this.items.forget();
    this.state = state;
    if (state?.running && !this.open) this.stage = 'run';
    this.items.changed(state?.running ?? false);
  }

  #request(): ImportRequest {
    const inputs: ImportInput[] = [];
    if (this.paths.length > 0) inputs.push({ kind: 'paths', paths: [...this.paths] });
    if (this.text.trim() !== '') inputs.push({ kind: 'text', text: this.text });
    return { inputs, provider: this.provider === '' ? null : this.provider };
  }

  #show(): void {
    this.open = true;
    if (this.stage === 'run') this.items.watch(true);
    // The log, and the files, may have changed since.
    else if (this.hasSources) void this.refresh();
  }

  /** Opens the dialog for something new: what an earlier one was put away with does not come in beside it. */
  #askAnew(): void {
    if (!this.open && this.stage === 'choose') this.#choose();
    this.ask();
  }

  #choose(): void {
    this.stage = 'choose';
    this.items.watch(false);
    this.paths = [];
    this.text = '';
    this.typed = '';
    this.typedError = null;
    this.preview = null;
    this.error = null;
    this.only = 'all';
    this.#asked += 1;
    this.looking = false;
  }

  #takeWaiting(): void {
    if (this.waiting.length === 0 || this.stage !== 'choose') return;
    const paths = this.waiting;
    this.waiting = [];
    this.add(paths);
  }

  async #ask(call: () => Promise<void>): Promise<void> {
    try {
      await call();
    } catch (error) {
      this.#outside.report(asCommandError(error));
    }
  }
}
