/**
 * The retry lab: what is chosen, the schedule before it starts, the run that is looked at.
 *
 * Invariants: a plan belongs to the form as it stands, or is marked as old; what is shown of a run is never older than an
 * event that was heard of it; nothing is sent but by `start`, `repeat` and `resume`.
 */
import type {
  AttemptInfo,
  CommandError,
  DeliverySummary,
  EngineEvent,
  LabFormat,
  LabPlan,
  LabPolicy,
  LabRequest,
  LabState,
  NamedValue,
  RetryPolicy,
  SigningOptions,
} from '../bindings';
import { asCommandError } from '../host';
import type { Listener } from './app.svelte';
import { coalesce } from './coalesce';
import type { Host, Report } from './host';
import {
  errorsOf,
  formOf,
  missing,
  newForm,
  requestOf,
  type LabDelivery,
  type LabField,
  type LabForm,
} from './labForm';
import { LabPolicyEditor } from './labPolicy.svelte';
import { LabRuns } from './labRuns.svelte';
import { attemptKey, isRunning } from './labWords';
import type { Said } from './shell.svelte';

/** A run that went on for longer, in milliseconds, is not ended without a question. */
const ASK_AFTER = 30_000;

/** What the lab needs of those around it. */
export interface LabAround {
  report: Report;
  /** For screen readers. */
  say: (words: string) => void;
  /** What was just done. */
  told: (said: Said) => void;
  /** Lets the user choose a file for a text; none where none was chosen. */
  save: (name: string, text: string) => Promise<string | null>;
  /** A moment that only grows, in milliseconds. */
  now: () => number;
}

/** A delivery as the form shows it. */
export function labDelivery(summary: DeliverySummary): LabDelivery {
  const { id, event_type: type, event_id: event, method, path, received_at: at, provider } = summary;
  const title = type ?? `${method} ${path}`;
  return { id, title: summary.origin ? `${title}, imported from ${summary.origin.name}` : title, at, provider, event };
}

export class Lab implements Listener {
  readonly editor: LabPolicyEditor;
  readonly runs: LabRuns;
  form: LabForm = $state.raw(newForm());
  policies: readonly LabPolicy[] = $state.raw([]);
  values: readonly NamedValue[] = $state.raw([]);
  /** How the provider's requests can be signed; none until it is known. */
  signing: SigningOptions | null = $state.raw(null);

  plan: LabPlan | null = $state.raw(null);
  planError: CommandError | null = $state.raw(null);
  /** The plan is not yet that of the form. */
  planOld = $state(false);

  /** Which of the page's right halves is seen. */
  shown: 'plan' | 'run' | 'runs' = $state('plan');
  run: LabState | null = $state.raw(null);
  /** When its state was told, by `now`. */
  toldAt = $state(0);
  starting = $state(false);
  startError: CommandError | null = $state.raw(null);
  /** The attempt that is looked at, by its key. */
  selected: string | null = $state(null);
  /** What the log has of it. */
  detail: AttemptInfo | null = $state.raw(null);
  /** Ending the run is being asked about. */
  cancelling = $state(false);

  readonly replan: () => Promise<void>;
  #host: Host;
  #around: LabAround;
  #heard = 0;
  #begun = false;
  #signingOf: string | null = null;

  constructor(host: Host, around: LabAround) {
    this.#host = host;
    this.#around = around;
    this.editor = new LabPolicyEditor(host);
    this.runs = new LabRuns(host, around.report);
    this.replan = coalesce(() => this.#plan());
  }

  get errors(): Partial<Record<LabField, string>> {
    return errorsOf(this.form);
  }

  /** Why it cannot be started; none where it can. */
  get missing(): string | null {
    return missing(this.form) ?? (Object.keys(this.errors).length > 0 ? 'Mend what is marked above.' : null);
  }

  get policy(): LabPolicy | null {
    return this.policies.find((one) => one.provider === this.form.provider) ?? null;
  }

  /** The shown run goes on. */
  get running(): boolean {
    return this.run !== null && isRunning(this.run);
  }

  get canStart(): boolean {
    return this.missing === null && this.planError === null && !this.starting;
  }

  /** Addresses that were used, the last one first, each once. */
  get used(): readonly string[] {
    return [...new Set(this.runs.list.map((run) => run.endpoint).filter((url) => /^https?:/i.test(url)))].slice(0, 8);
  }

  /** The view opens; what was chosen stays, and the selected delivery is what is begun with. */
  async open(
    selected: DeliverySummary | null,
    newest: DeliverySummary | null,
    fallbackUrl: string | null,
  ): Promise<void> {
    const first = !this.#begun;
    this.#begun = true;
    await Promise.all([this.loadPolicies(), this.runs.load(), this.#loadValues()]);
    if (first && this.form.delivery === null && this.form.from === 'delivery') {
      const known = (row: DeliverySummary | null): DeliverySummary | null =>
        row !== null && this.policies.some((policy) => policy.provider === row.provider) ? row : null;
      const row = known(selected) ?? known(newest) ?? selected;
      if (row) this.take(labDelivery(row));
    }
    if (this.form.provider === '') this.choose(this.policies[0]?.provider ?? '');
    if (this.form.from === 'delivery' && this.form.delivery === null) this.change({ from: 'event' });
    const url = this.used[0] ?? fallbackUrl;
    if (first && this.form.url === '' && url !== null) this.change({ url });
    await this.replan();
  }

  /** Takes a captured delivery, with its provider's schedule where it has one. */
  take(delivery: LabDelivery): void {
    this.#begun = true;
    this.shown = 'plan';
    this.change({ from: 'delivery', delivery });
    const known = this.policies.length === 0 || this.policies.some((one) => one.provider === delivery.provider);
    if (delivery.provider !== null && known) this.choose(delivery.provider);
  }

  /** Chooses whose schedule it is. */
  choose(provider: string): void {
    if (provider === this.form.provider) return;
    this.change({
      provider,
      policy: null,
      secret: '',
      nextEvent: '',
      ...(this.form.from === 'event' ? { eventType: '' } : {}),
    });
    void this.#loadSigning();
  }

  change(change: Partial<LabForm>): void {
    this.form = { ...this.form, ...change };
    this.planOld = true;
    this.startError = null;
    void this.replan();
  }

  /** Uses a policy for the next run alone. */
  useOnce(policy: RetryPolicy): void {
    const same = JSON.stringify(policy) === JSON.stringify(this.policy?.policy);
    this.change({ policy: same ? null : policy });
    this.editor.close();
  }

  /** Saves what the editor has, or goes back to the provider's file. */
  async keepPolicy(how: 'save' | 'reset'): Promise<void> {
    const kept = how === 'save' ? await this.editor.save() : await this.editor.reset();
    if (kept === null) return;
    this.policies = this.policies.map((one) => (one.provider === kept.provider ? kept : one));
    this.editor.close();
    this.change({ policy: null });
  }

  /** Starts what is chosen. */
  async start(): Promise<void> {
    const request = requestOf(this.form, 'run', this.values);
    if (request !== null && this.canStart) await this.#begin(() => this.#host.call('lab_start', { request }));
  }

  /** Starts what an earlier run was, and shows it in the form. */
  async repeat(id: string): Promise<void> {
    if (this.starting) return;
    let request: LabRequest | null = null;
    await this.#begin(async () => {
      const state = this.run?.run.id === id ? this.run : await this.#host.call('lab', { id });
      request = state.request;
      this.form = formOf(state.request, state.event);
      void this.#loadSigning();
      void this.replan();
      return this.#host.call('lab_start', { request });
    });
  }

  /** Goes on with a run that was interrupted. */
  async resume(id: string): Promise<void> {
    if (!this.starting) await this.#begin(() => this.#host.call('lab_resume', { id }));
  }

  /** Opens a run. */
  async look(id: string): Promise<void> {
    try {
      const heard = this.#heard;
      const state = await this.#host.call('lab', { id });
      if (heard !== this.#heard && this.run?.run.id === id) return;
      this.#show(state);
    } catch (error) {
      this.#around.report(asCommandError(error));
    }
  }

  async removeRun(id: string): Promise<void> {
    if (!(await this.runs.remove(id))) return;
    if (this.run?.run.id === id) {
      this.run = null;
      this.select(null);
      if (this.shown === 'run') this.shown = 'runs';
    }
  }

  /** Holds the run, or lets it go on. */
  async pause(): Promise<void> {
    const { run } = this;
    if (run) await this.#steer('run_pause', { id: run.run.id, paused: !run.paused });
  }

  /** Does not wait for the next attempt. */
  async skip(): Promise<void> {
    if (this.run) await this.#steer('run_skip', { id: this.run.run.id });
  }

  /** Ends the run; where it went on for a while only after a question. */
  async cancel(sure = false): Promise<void> {
    const { run } = this;
    if (!run || !isRunning(run)) return;
    if (!sure && run.real_ms > ASK_AFTER) {
      this.cancelling = true;
      return;
    }
    this.cancelling = false;
    await this.#steer('run_cancel', { id: run.run.id });
  }

  /** Looks at an attempt, or at none. */
  select(key: string | null): void {
    this.selected = key;
    this.detail = null;
    void this.#readDetail();
  }

  /** Saves the shown run as a file. */
  async export(format: LabFormat): Promise<void> {
    if (!this.run) return;
    try {
      const { name, text } = await this.#host.call('lab_export', { id: this.run.run.id, format });
      const path = await this.#around.save(name, text);
      if (path !== null) this.#around.told({ words: `Saved as ${path}.`, tone: 'pass' });
    } catch (error) {
      this.#around.report(asCommandError(error));
    }
  }

  async loadPolicies(): Promise<void> {
    try {
      this.policies = await this.#host.call('lab_policies', {});
      await this.#loadSigning();
    } catch (error) {
      this.#around.report(asCommandError(error));
    }
  }

  onEvents(events: readonly EngineEvent[]): void {
    for (const event of events) {
      if (event.type === 'lab' && event.run.id === this.run?.run.id) this.#take(event);
      if (event.type === 'runs_changed' && this.runs.loaded) void this.runs.load();
      if (event.type === 'providers_changed' && this.#begun) void this.#again();
    }
  }

  onReread(): void {
    if (!this.#begun) return;
    void this.#again();
    if (this.runs.loaded) void this.runs.load();
    if (this.run) void this.#refresh(this.run.run.id);
  }

  async #again(): Promise<void> {
    this.#signingOf = null;
    await this.loadPolicies();
    await this.replan();
  }

  /** Reads the shown run again, without opening its page. */
  async #refresh(id: string): Promise<void> {
    const heard = this.#heard;
    try {
      const state = await this.#host.call('lab', { id });
      if (heard === this.#heard && this.run?.run.id === id) this.#take(state);
    } catch {
      // What was told last stays; the list says where it was removed.
    }
  }

  async #begin(call: () => Promise<LabState>): Promise<void> {
    this.starting = true;
    this.startError = null;
    try {
      this.#show(await call());
      void this.runs.load();
    } catch (error) {
      this.startError = asCommandError(error);
      if (this.shown === 'runs') this.#around.report(this.startError);
    } finally {
      this.starting = false;
    }
  }

  #show(state: LabState): void {
    if (this.run?.run.id !== state.run.id) this.select(null);
    this.shown = 'run';
    this.run = null;
    this.#take(state);
    // A short run may have ended before it could be listened to.
    void this.#refresh(state.run.id);
  }

  #take(state: LabState): void {
    const before = this.run;
    this.#heard += 1;
    this.run = state;
    this.toldAt = this.#around.now();
    if (before?.run.id === state.run.id) this.#announce(before, state);
    void this.#readDetail();
  }

  #announce(before: LabState, state: LabState): void {
    if (isRunning(before) && !isRunning(state)) {
      this.#around.say(state.headline);
      return;
    }
    const known = new Set(before.attempts.filter((one) => one.came !== 'sending').map(attemptKey));
    const last = state.attempts.findLast((one) => one.came !== 'sending' && !known.has(attemptKey(one)));
    if (last) this.#around.say(`Attempt ${String(last.number)}: ${last.label}. ${last.why}`);
  }

  async #plan(): Promise<void> {
    const form = this.form;
    const request = requestOf(form, 'plan', this.values);
    if (request === null) {
      this.plan = null;
      this.planError = null;
      this.planOld = false;
      return;
    }
    try {
      const plan = await this.#host.call('lab_plan', { request });
      if (form !== this.form) return;
      this.plan = plan;
      this.planError = null;
    } catch (error) {
      if (form !== this.form) return;
      this.planError = asCommandError(error);
    }
    this.planOld = false;
  }

  async #readDetail(): Promise<void> {
    const key = this.selected;
    const { run } = this;
    if (key === null || run === null) return;
    const id = [...run.attempts, ...run.tried].find((one) => attemptKey(one) === key)?.id ?? null;
    if (id === null || (this.detail?.id === id && this.detail.state !== 'waiting')) return;
    try {
      const { info } = await this.#host.call('attempt_detail', { id });
      if (this.selected === key) this.detail = info;
    } catch (error) {
      this.#around.report(asCommandError(error));
    }
  }

  async #loadSigning(): Promise<void> {
    const { provider } = this.form;
    if (provider === '' || provider === this.#signingOf) return;
    this.#signingOf = provider;
    this.signing = null;
    try {
      const options = await this.#host.call('signing_options', { provider });
      if (this.#signingOf === provider) this.signing = options;
    } catch {
      // Without the names of its secrets the first one is taken.
      this.#signingOf = null;
    }
  }

  async #loadValues(): Promise<void> {
    try {
      this.values = await this.#host.call('named_values', {});
    } catch {
      // They are a help for typing an address, and no more.
    }
  }

  async #steer<K extends 'run_pause' | 'run_skip' | 'run_cancel'>(
    name: K,
    args: K extends 'run_pause' ? { id: string; paused: boolean } : { id: string },
  ): Promise<void> {
    try {
      await this.#host.call(name, args as never);
      await this.#refresh(args.id);
    } catch (error) {
      this.#around.report(asCommandError(error));
    }
  }
}
