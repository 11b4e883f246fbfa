/**
 * Composing: the draft in work, those that were put aside, templates, named values, what was sent.
 *
 * Invariant: what was typed is never lost. Beginning something else puts the draft in work aside, where `recent` has it
 * and `undo` brings it back, with everything but a secret that was typed in.
 */
import type {
  AttemptInfo,
  CommandError,
  Copied,
  CopyForm,
  DraftSource,
  EngineEvent,
  NamedValue,
  SigningOptions,
  TemplateInfo,
} from '../bindings';
import { asCommandError } from '../host';
import type { Listener } from './app.svelte';
import { coalesce } from './coalesce';
import type { Host } from './host';
import { Work, type Around } from './work.svelte';

/** Drafts that were put aside; the oldest goes where there are more. */
export const RECENT = 20;
/** Attempts that are looked through for those of what was composed. */
const ATTEMPTS = 100;

export type ComposeDialog = 'template' | 'values' | 'copy' | 'bytes' | null;

/** What is chosen in the catalogue; it stays while other views are looked at. */
export interface Chosen {
  provider: string | null;
  event: string | null;
  /** What was typed into fields, by their pointers. */
  values: Readonly<Record<string, string>>;
  fresh: boolean;
}

export class Compose implements Listener {
  /** The draft in work; none on the start page. */
  work: Work | null = $state.raw(null);
  /** Drafts that were put aside, the last one first. */
  recent: readonly Work[] = $state.raw([]);
  /** The one that the draft in work has just taken the place of. */
  replaced: Work | null = $state.raw(null);
  /** A draft is being begun. */
  starting = $state(false);
  /** Why one was not begun. */
  error: CommandError | null = $state.raw(null);
  /** What it was to be begun from. */
  errorOf: DraftSource['kind'] | null = $state(null);
  /** What stands in the field for pasting. */
  pasted = $state('');
  chosen: Chosen = $state.raw({ provider: null, event: null, values: {}, fresh: true });
  /** Why the editor was opened, where it was not asked for. */
  because: string | null = $state(null);
  dialog: ComposeDialog = $state(null);

  templates: readonly TemplateInfo[] = $state.raw([]);
  values: readonly NamedValue[] = $state.raw([]);
  /** What was sent of the draft's delivery, or of what was composed; the newest first. */
  attempts: readonly AttemptInfo[] = $state.raw([]);
  /** How requests of a provider can be signed, as far as that was asked. */
  signing: ReadonlyMap<string, SigningOptions> = $state.raw(new Map());

  readonly loadTemplates: () => Promise<void>;
  readonly loadAttempts: () => Promise<void>;

  #around: Around;
  #host: Host;
  #begun = 0;
  #asked = new Set<string>();

  constructor(host: Host, fetchBody: Around['fetchBody']) {
    this.#host = host;
    this.#around = { host, fetchBody, onSent: () => void this.loadAttempts() };
    this.loadTemplates = coalesce(async () => {
      try {
        this.templates = await host.call('templates', {});
      } catch (error) {
        this.error = asCommandError(error);
      }
    });
    this.loadAttempts = coalesce(async () => {
      const { work } = this;
      if (!work) return;
      try {
        const attempts = await this.#attemptsOf(work.delivery);
        if (this.work === work) this.attempts = attempts;
      } catch {
        // The list stays as it was; the answer that was sent for is shown without it.
      }
    });
  }

  /** Begins a draft; the one in work is put aside. Answers whether it was begun. */
  async start(source: DraftSource, because: string | null = null): Promise<boolean> {
    const begun = ++this.#begun;
    this.starting = true;
    this.error = null;
    this.errorOf = source.kind;
    try {
      const start = await this.#host.call('draft_start', { source });
      if (begun !== this.#begun) return false;
      this.#open(new Work(source, start, this.#around));
      this.because = because;
      return true;
    } catch (error) {
      if (begun === this.#begun) this.error = asCommandError(error);
      return false;
    } finally {
      if (begun === this.#begun) this.starting = false;
    }
  }

  /** Chooses in the catalogue. */
  choose(change: Partial<Chosen>): void {
    this.chosen = { ...this.chosen, ...change };
  }

  /** Takes up a draft that was put aside. */
  reopen(work: Work): void {
    this.recent = this.recent.filter((one) => one !== work);
    this.#open(work);
    this.replaced = null;
    void work.ask();
  }

  /** Brings back the draft that the one in work has taken the place of. */
  undo(): void {
    if (this.replaced) this.reopen(this.replaced);
  }

  /** Back to the start page; the draft in work is put aside. */
  close(): void {
    this.#aside();
    this.work = null;
    this.because = null;
    this.error = null;
  }

  /** How requests of a provider can be signed; asked once, and again when the providers changed. */
  signingOf(provider: string | null): SigningOptions | null {
    return provider === null ? null : (this.signing.get(provider) ?? null);
  }

  async loadSigning(provider: string): Promise<void> {
    if (this.#asked.has(provider)) return;
    this.#asked.add(provider);
    try {
      const options = await this.#host.call('signing_options', { provider });
      this.signing = new Map([...this.signing, [provider, options]]);
    } catch (error) {
      this.#asked.delete(provider);
      this.error = asCommandError(error);
    }
  }

  /** The draft in work as a text; rejects with a `CommandError`. */
  async copyAs(form: CopyForm, keepOut: boolean): Promise<Copied> {
    if (!this.work) throw new Error('Nothing is being composed.');
    const { draft, choice: signing } = this.work;
    return this.#host.call('draft_copy', { draft, signing, form, keep_out: keepOut });
  }

  /** Saves the draft in work as a template, without a secret that was typed in; rejects with a `CommandError`. */
  async saveTemplate(name: string): Promise<void> {
    if (!this.work) return;
    const { draft, signing } = this.work.kept();
    this.templates = await this.#host.call('template_save', { name: name.trim(), draft, signing });
  }

  async removeTemplate(id: string): Promise<void> {
    try {
      this.templates = await this.#host.call('template_remove', { id });
    } catch (error) {
      this.error = asCommandError(error);
    }
  }

  async loadValues(): Promise<void> {
    this.values = await this.#host.call('named_values', {});
  }

  /** Replaces the named values; rejects with a `CommandError`. */
  async saveValues(values: readonly NamedValue[]): Promise<void> {
    this.values = await this.#host.call('named_values_set', { values: [...values] });
    void this.work?.ask();
  }

  onEvents(events: readonly EngineEvent[]): void {
    for (const event of events) {
      if (event.type === 'templates_changed') void this.loadTemplates();
      if (event.type === 'providers_changed') this.#forgetSigning();
      if (event.type === 'attempts_changed' && this.work && event.delivery === this.work.delivery) {
        void this.loadAttempts();
      }
    }
  }

  onReread(): void {
    void this.loadTemplates();
    void this.loadAttempts();
    this.#forgetSigning();
  }

  #open(work: Work): void {
    this.#aside();
    this.work = work;
    this.because = null;
    this.attempts = [];
    void this.loadAttempts();
  }

  /** What was neither changed nor sent can be begun again as it was: it is not kept. */
  #aside(): void {
    const { work } = this;
    this.replaced = null;
    if (!work) return;
    work.forget();
    if (!work.changed && work.shown === null) return;
    this.replaced = work.changed ? work : null;
    this.recent = [work, ...this.recent].slice(0, RECENT);
  }

  #forgetSigning(): void {
    const known = [...this.#asked];
    this.#asked.clear();
    for (const provider of known) void this.loadSigning(provider);
    void this.work?.ask();
  }

  async #attemptsOf(delivery: string | null): Promise<readonly AttemptInfo[]> {
    if (delivery !== null) return (await this.#host.call('delivery_detail', { id: delivery })).attempts.toReversed();
    const page = await this.#host.call('attempts_page', { before: null, limit: ATTEMPTS });
    return page.filter((attempt) => attempt.delivery === null);
  }
}
