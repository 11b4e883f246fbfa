/**
 * Deliveries become files: what is chosen, what would go out, how far it has come and what became of it.
 *
 * Invariants: what is shown as a preview belongs to the choices as they stand, or `current` is false; nothing begins but
 * from a current preview; no file that is there is replaced before the user has said so.
 */
import type {
  CommandError,
  EngineEvent,
  ExportDefaults,
  ExportFormat,
  ExportFormatInfo,
  ExportPreview,
  ExportRequest,
  ExportState,
  FoundInfo,
  OnExisting,
  ExportTests,
  RedactKind,
  TestRunnerInfo,
} from '../bindings';
import { asCommandError } from '../host';
import type { Listener } from './app.svelte';
import { coalesce } from './coalesce';
import { ExportFiles } from './exportFiles.svelte';
import { isExact, pathError, pointerError, sends, type Destination, type ExportSource } from './exportWords';
import type { Host, Report } from './host';
import type { Said } from './shell.svelte';

/** From the last change to the look at what would go out, in milliseconds. */
export const PREVIEW_AFTER = 150;
/** From one look to the next while deliveries arrive, in milliseconds. */
export const ARRIVALS_AFTER = 1000;

/** What the export needs of those around it. */
export interface ExportAround {
  report: Report;
  /** For screen readers. */
  say: (words: string) => void;
  /** What was just done. */
  told: (said: Said) => void;
  copy: (text: string) => Promise<void>;
  chooseFolder: (title: string) => Promise<string | null>;
  chooseNewFile: (title: string, name: string) => Promise<string | null>;
  /** What was chosen the last time; none where that is not known yet. */
  last: () => ExportDefaults | null;
  remember: (chosen: ExportDefaults) => void;
}

/** What the dialog shows. */
export type Step = 'choose' | 'working' | 'asked' | 'ended' | 'copied';

export class Exporting implements Listener {
  readonly files: ExportFiles;
  open = $state(false);
  step: Step = $state('choose');
  sources: readonly ExportSource[] = $state.raw([]);
  source = $state('');
  formats: readonly ExportFormatInfo[] = $state.raw([]);

  format: ExportFormat = $state('fixtures');
  to: Destination = $state('folder');
  folder = $state('');
  file = $state('');
  baseUrl = $state('');
  kinds: readonly RedactKind[] = $state.raw([]);
  mask: readonly string[] = $state.raw([]);
  keep: readonly string[] = $state.raw([]);
  pointers: readonly string[] = $state.raw([]);
  keepExact = $state(false);

  runners: readonly TestRunnerInfo[] = $state.raw([]);
  /** The runner that tests are written for; empty: none are. */
  runner = $state('');
  /** The app that they call; without a framework they send to a URL. */
  app = $state({ framework: '', module: '', name: '', path: '/webhook' });

  preview: ExportPreview | null = $state.raw(null);
  previewError: CommandError | null = $state.raw(null);
  /** It is being looked at what would go out. */
  previewing = $state(false);
  /** Why it was not begun, or broke off. */
  error: CommandError | null = $state.raw(null);
  /** It is being begun. */
  starting = $state(false);
  /** The export that runs or ran last. */
  state: ExportState | null = $state.raw(null);
  /** What is to be known of the text that was copied. */
  notes: readonly string[] = $state.raw([]);

  #host: Host;
  #around: ExportAround;
  /** The request that the preview, or its fault, belongs to. */
  #of = $state('');
  #timer: ReturnType<typeof setTimeout> | undefined;
  #arrivals: ReturnType<typeof setTimeout> | undefined;
  /** Rises with every event: answers to what was asked before it are older. */
  #heard = 0;
  readonly #look: () => Promise<void>;

  constructor(host: Host, around: ExportAround) {
    this.#host = host;
    this.#around = around;
    this.files = new ExportFiles(host, around.report);
    this.#look = coalesce(() => this.#readPreview());
  }

  get info(): ExportFormatInfo | null {
    return this.formats.find((one) => one.format === this.format) ?? null;
  }

  /** What goes out, as the engine takes it; none where nothing is chosen. */
  get request(): ExportRequest | null {
    const source = this.sources.find((one) => one.id === this.source);
    if (!source) return null;
    const url = this.baseUrl.trim();
    return {
      selection: source.selection,
      format: this.format,
      redaction: {
        kinds: [...this.kinds],
        mask: [...this.mask],
        keep: [...this.keep],
        pointers: [...this.pointers],
        keep_exact: this.keepExact,
      },
      base_url: sends(this.format) && url !== '' ? url : null,
      tests: this.#tests,
    };
  }

  /** Tests can be written with these choices. */
  get testable(): boolean {
    return this.format === 'fixtures' && this.to !== 'clipboard';
  }

  /** The runner as it was told of. */
  get runnerInfo(): TestRunnerInfo | null {
    return this.runners.find((one) => one.id === this.runner) ?? null;
  }

  /** The preview is that of the choices as they stand. */
  get current(): boolean {
    return this.#of !== '' && this.#of === JSON.stringify(this.request);
  }

  /** The text can be copied: all is in one, or it is only one. */
  get copies(): boolean {
    return this.info?.copies_many === true || this.preview?.deliveries === 1;
  }

  /** The path of the destination. */
  get path(): string {
    return (this.to === 'zip' ? this.file : this.folder).trim();
  }

  /** Why it cannot begin; none where it can. */
  get missing(): string | null {
    if (this.previewError && this.current) return this.previewError.message;
    if (this.to === 'clipboard' && !this.copies) {
      return 'This format has a file for each delivery, which cannot be copied together.';
    }
    return pathError(this.path, this.to);
  }

  get ready(): boolean {
    return this.missing === null && this.current && this.preview !== null && !this.starting;
  }

  get running(): boolean {
    return this.state?.running === true;
  }

  /** Opens the dialog for one of the sources; an export that runs is shown instead. */
  async ask(sources: readonly ExportSource[], chosen: ExportSource['id'] | undefined = sources[0]?.id): Promise<void> {
    this.open = true;
    if (this.running) {
      this.step = 'working';
      return;
    }
    this.sources = sources;
    this.source = chosen ?? '';
    this.step = 'choose';
    this.error = null;
    this.#begin();
    if (this.formats.length > 0) return;
    try {
      const runners = this.#host.call('export_test_runners', {});
      this.formats = await this.#host.call('export_formats', {});
      this.runners = await runners;
    } catch (error) {
      this.error = asCommandError(error);
    }
  }

  /** Closes the dialog. What runs goes on, and its end is told. */
  close(): void {
    this.open = false;
    clearTimeout(this.#timer);
    clearTimeout(this.#arrivals);
    this.#arrivals = undefined;
  }

  /** Back to the choices. */
  back(): void {
    this.step = 'choose';
    this.error = null;
    this.#touch(0);
  }

  /** Chooses what goes out. What was unticked was so for what was looked at: of others it is masked again. */
  choose(source: string): void {
    this.source = source;
    this.keep = [];
    this.#touch(0);
  }

  as(format: ExportFormat): void {
    this.format = format;
    this.#touch(0);
    if (this.to === 'clipboard' && !this.copies) this.to = 'folder';
  }

  /** Chooses where it goes. */
  into(to: Destination): void {
    this.to = to;
    this.#touch(0);
  }

  /** Chooses the runner that tests are written for; empty: none. */
  testWith(runner: string): void {
    this.runner = runner;
    if (!this.runnerInfo?.frameworks.some((one) => one.id === this.app.framework)) this.app.framework = '';
    this.#touch(0);
  }

  /** Chooses the framework whose app the tests call; empty: they send to a URL. */
  testAgainst(framework: string): void {
    this.app.framework = framework;
    const info = this.runnerInfo?.frameworks.find((one) => one.id === framework);
    if (info) Object.assign(this.app, { module: info.module, name: info.app });
    this.#touch(0);
  }

  /** Changes what the tests call. */
  testApp(change: { module?: string; name?: string; path?: string }): void {
    Object.assign(this.app, change);
    this.#touch();
  }

  /** The address that requests are sent to. */
  sendTo(url: string): void {
    this.baseUrl = url;
    this.#touch();
  }

  /** A kind is masked wherever it stands, or not; ticks of its places go. */
  kind(kind: RedactKind, on: boolean): void {
    const places = (this.preview?.found ?? []).filter((one) => one.kind === kind).map((one) => one.key);
    const others = (keys: readonly string[]): string[] => keys.filter((key) => !places.includes(key));
    this.mask = others(this.mask);
    this.keep = others(this.keep);
    this.kinds = on ? [...this.kinds.filter((one) => one !== kind), kind] : this.kinds.filter((one) => one !== kind);
    this.#touch();
  }

  /** A place is masked, or not, whatever its kind. */
  tick(found: FoundInfo, on: boolean): void {
    if (found.always) return;
    const without = (keys: readonly string[]): string[] => keys.filter((key) => key !== found.key);
    const byKind = found.kind === 'chosen' || this.kinds.includes(found.kind);
    this.mask = on && !byKind ? [...without(this.mask), found.key] : without(this.mask);
    this.keep = on ? without(this.keep) : [...without(this.keep), found.key];
    this.#touch();
  }

  /** Whether a place is masked, as the choices stand; the engine's word where it has given it. */
  ticked(found: FoundInfo): boolean {
    if (found.always || this.current) return found.masked;
    if (this.keepExact && isExact(found)) return false;
    const chosen = found.kind === 'chosen' || this.kinds.includes(found.kind) || this.mask.includes(found.key);
    return chosen && !this.keep.includes(found.key);
  }

  /** Masks a JSON path; answers why that cannot be. */
  addPointer(text: string): string | null {
    const pointer = text.trim();
    const error = pointerError(pointer, this.pointers);
    if (error !== null) return error;
    this.pointers = [...this.pointers, pointer];
    this.#touch(0);
    return null;
  }

  removePointer(pointer: string): void {
    this.pointers = this.pointers.filter((one) => one !== pointer);
    this.#touch(0);
  }

  exact(keepExact: boolean): void {
    this.keepExact = keepExact;
    this.#touch(0);
  }

  /** Asks for the folder or the file. */
  async browse(): Promise<void> {
    try {
      if (this.to === 'folder') {
        this.folder = (await this.#around.chooseFolder('Export to a folder')) ?? this.folder;
      } else {
        const file = await this.#around.chooseNewFile('Export to a zip file', 'deliveries.zip');
        this.file = file ?? this.file;
      }
    } catch (error) {
      this.error = asCommandError(error);
    }
  }

  /** Begins. With `ask` nothing is written where files of other content are there. */
  async start(onExisting: OnExisting = 'ask'): Promise<void> {
    const { request } = this;
    if (!request || this.starting || (this.step === 'choose' && !this.ready)) return;
    this.starting = true;
    this.error = null;
    this.#remember();
    const heard = this.#heard;
    try {
      if (this.to === 'clipboard') {
        const { text, notes } = await this.#host.call('export_text', { request });
        await this.#around.copy(text);
        this.notes = notes;
        this.step = 'copied';
        this.#around.say('Copied.');
      } else {
        const destination = { kind: this.to, path: this.path };
        this.step = 'working';
        const state = await this.#host.call('export_start', { request, destination, on_existing: onExisting });
        if (heard === this.#heard) this.#take(state);
      }
    } catch (error) {
      this.step = 'choose';
      this.error = asCommandError(error);
      if (!this.open) this.#around.report(this.error);
    } finally {
      this.starting = false;
    }
  }

  /** Ends it: files that are there are whole, the others are not written. */
  async cancel(): Promise<void> {
    try {
      await this.#host.call('export_cancel', {});
    } catch (error) {
      this.error = asCommandError(error);
    }
  }

  onEvents(events: readonly EngineEvent[]): void {
    // The last one says it all.
    const last = events.findLast((event) => event.type === 'export');
    if (last) {
      this.#heard += 1;
      this.#take(last);
    }
    const kinds = ['delivery_added', 'deliveries_added', 'deliveries_changed', 'verdicts_changed', 'providers_changed'];
    if (this.open && this.step === 'choose' && events.some((event) => kinds.includes(event.type))) {
      this.#arrivals ??= setTimeout(() => {
        this.#arrivals = undefined;
        if (this.open && this.step === 'choose') void this.#look();
      }, ARRIVALS_AFTER);
    }
  }

  onReread(): void {
    const heard = this.#heard;
    this.#host.call('export_state', {}).then(
      (state) => {
        // One that was over before this window looked is nobody's question.
        if (heard === this.#heard && state && (state.running || this.running)) this.#take(state);
      },
      (error: unknown) => this.#around.report(asCommandError(error)),
    );
  }

  get #tests(): ExportTests | null {
    if (!this.testable || this.runner === '') return null;
    return { runner: this.runner, app: this.app.framework === '' ? null : { ...this.app } };
  }

  /** What was chosen the last time; ticks and exact bytes are for one export alone. */
  #begin(): void {
    const last = this.#around.last();
    if (last) {
      this.format = last.format;
      this.to = last.zip ? 'zip' : 'folder';
      this.folder = last.folder;
      this.file = last.file;
      this.kinds = last.kinds;
      this.pointers = last.pointers;
    }
    this.mask = [];
    this.keep = [];
    this.keepExact = false;
    this.preview = null;
    this.previewError = null;
    this.#of = '';
    this.#touch(0);
  }

  #remember(): void {
    const { format, folder, file, to } = this;
    const zip = to === 'clipboard' ? (this.#around.last()?.zip ?? false) : to === 'zip';
    const chosen: ExportDefaults = {
      format,
      zip,
      folder: folder.trim(),
      file: file.trim(),
      kinds: [...this.kinds],
      pointers: [...this.pointers],
    };
    if (JSON.stringify(chosen) !== JSON.stringify(this.#around.last())) this.#around.remember(chosen);
  }

  #touch(after = PREVIEW_AFTER): void {
    clearTimeout(this.#timer);
    this.error = null;
    if (after === 0) void this.#look();
    else this.#timer = setTimeout(() => void this.#look(), after);
  }

  async #readPreview(): Promise<void> {
    const { request } = this;
    if (!request || !this.open) return;
    const of = JSON.stringify(request);
    this.previewing = true;
    try {
      const preview = await this.#host.call('export_preview', { request });
      if (of !== JSON.stringify(this.request)) return;
      this.preview = preview;
      this.previewError = null;
    } catch (error) {
      if (of !== JSON.stringify(this.request)) return;
      this.preview = null;
      this.previewError = asCommandError(error);
    } finally {
      this.previewing = false;
    }
    this.#of = of;
  }

  #take(state: ExportState): void {
    const before = this.state;
    this.state = state;
    if (state.running) {
      this.step = 'working';
      return;
    }
    if (before?.started_at === state.started_at && !before.running) return;
    this.#end(state);
  }

  #end(state: ExportState): void {
    this.#around.say(state.outcome);
    if (state.problem !== null) {
      this.step = 'choose';
      // It says what was written before, too.
      this.error = { code: 'failed', message: state.outcome, detail: null };
      if (!this.open) this.#around.report(this.error);
      return;
    }
    const asks = state.existing > 0;
    const { written, overwritten, unchanged, skipped, existing } = state;
    this.files.show(asks ? existing : written + overwritten + unchanged + skipped, asks);
    this.step = asks ? 'asked' : 'ended';
    if (asks) this.open = true;
    else if (!this.open) {
      const look = { label: 'Show', run: () => (this.open = true) };
      this.#around.told({ words: `Export: ${state.outcome}`, tone: state.cancelled ? 'info' : 'pass', look });
    }
  }
}
