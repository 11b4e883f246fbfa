/**
 * The endpoint check: the form, the checks that were made, and the one that is looked at, while it goes on too.
 *
 * Invariants: what makes the endpoint work is sent after `goOn(true)` alone; the report that is shown belongs to `shown`,
 * and is read again after every event of its run, one question at a time.
 */
import type {
  CheckComparison,
  CheckFinding,
  CheckFormat,
  CheckLevel,
  CheckMend,
  CheckPhase,
  CheckReport,
  CheckRequest,
  CheckState,
  CommandError,
  EngineEvent,
  RunInfo,
} from '../bindings';
import { asCommandError } from '../host';
import type { Listener } from './app.svelte';
import { CheckForm } from './checkForm.svelte';
import { comparable, goesOn, worst, type Language } from './checkWords';
import { coalesce } from './coalesce';
import type { Host, Report } from './host';
import type { Said } from './shell.svelte';

/** Checks that are listed at first, and with every further page. */
export const RUNS = 30;

/** What the check needs of those around it. */
export interface CheckAround {
  report: Report;
  /** For screen readers. */
  say: (words: string) => void;
  /** What was just done. */
  told: (said: Said) => void;
  /** Lets the user choose a file for a text; none where none was chosen. */
  save: (name: string, text: string) => Promise<string | null>;
  copy: (text: string) => Promise<void>;
  /** The language that code is shown in. */
  language: () => Language;
}

export class EndpointCheck implements Listener {
  readonly form: CheckForm;
  /** Checks that were made, the last one first. */
  runs: readonly RunInfo[] = $state.raw([]);
  runsLoaded = $state(false);
  runsError: CommandError | null = $state.raw(null);
  /** Where the next page of them begins; none where there is none. */
  next: string | null = $state(null);

  /** The run whose report is looked at; none on the start page. */
  shown: string | null = $state(null);
  report: CheckReport | null = $state.raw(null);
  /** Why it could not be read. */
  reportError: CommandError | null = $state.raw(null);
  /** How far the shown one is, as last heard. */
  progress: CheckState | null = $state.raw(null);
  /** The probe that is looked at. */
  selected: string | null = $state(null);
  /** Only findings of this level are listed. */
  level: CheckLevel | null = $state(null);
  /** What changed since an earlier one, while that is looked at. */
  comparison: CheckComparison | null = $state.raw(null);

  /** A check is being started. */
  starting = $state(false);
  /** Why it was not. */
  startError: CommandError | null = $state.raw(null);
  /** The question is being answered. */
  answering = $state(false);

  readonly loadRuns: () => Promise<void>;
  readonly refresh: () => Promise<void>;
  #host: Host;
  #around: CheckAround;
  /** How to mend something, by provider, topic and language; none where there is nothing to show. */
  #mends: ReadonlyMap<string, CheckMend | null> = $state.raw(new Map());
  #asked = new Set<string>();

  constructor(host: Host, around: CheckAround) {
    this.#host = host;
    this.#around = around;
    this.form = new CheckForm(host);
    this.loadRuns = coalesce(() => this.#readRuns());
    this.refresh = coalesce(() => this.#readReport());
  }

  /** How far the shown check is; none while that is not known. */
  get phase(): CheckPhase | null {
    if (this.progress !== null && this.progress.run === this.shown) return this.progress.phase;
    return this.report?.phase ?? null;
  }

  /** The shown check goes on. */
  get running(): boolean {
    return goesOn(this.phase);
  }

  /** The findings that are listed. */
  get rows(): readonly CheckFinding[] {
    const findings = this.report?.findings ?? [];
    return this.level === null ? findings : findings.filter((finding) => finding.level === this.level);
  }

  /** The finding that is looked at. */
  get finding(): CheckFinding | null {
    return this.report?.findings.find((finding) => finding.probe.id === this.selected) ?? null;
  }

  /** Checks that the shown one can be compared with, the last one first. */
  get earlier(): readonly RunInfo[] {
    return this.report ? comparable(this.report, this.runs) : [];
  }

  /** What is asked for by the view when it opens: checks that were made, named values, the plan. */
  async open(): Promise<void> {
    void this.loadRuns();
    void this.#readValues();
    if (this.form.plan !== null) void this.form.replan();
  }

  /** Starts what stands in the form. */
  async start(): Promise<void> {
    if (this.form.ready) await this.#start(this.form.request);
  }

  /** Checks again what the shown report was asked for; asks again before anything works. */
  async again(): Promise<void> {
    if (this.report && !this.running) await this.#start({ ...this.report.request, yes: false });
  }

  /** Looks at a check. */
  async look(run: string): Promise<void> {
    this.shown = run;
    this.report = null;
    this.reportError = null;
    this.progress = null;
    this.selected = null;
    this.level = null;
    this.comparison = null;
    await this.refresh();
  }

  /** Back to the start page. */
  leave(): void {
    this.shown = null;
    this.report = null;
    this.progress = null;
    this.comparison = null;
    void this.form.replan();
  }

  /** Back to the start page, with what the shown report was asked for in the form. */
  change(): void {
    if (!this.report) return;
    this.form.fill(this.report.request);
    this.leave();
  }

  /** Whether what makes the endpoint work is sent too. */
  async goOn(yes: boolean): Promise<void> {
    if (this.shown === null || this.phase !== 'waiting' || this.answering) return;
    this.answering = true;
    try {
      await this.#host.call('check_go_on', { run: this.shown, yes });
      await this.refresh();
    } catch (error) {
      this.#around.report(asCommandError(error));
    } finally {
      this.answering = false;
    }
  }

  /** Ends the shown check; what was found is kept. */
  async cancel(): Promise<void> {
    if (this.shown === null || !this.running) return;
    try {
      await this.#host.call('run_cancel', { id: this.shown });
      await this.refresh();
    } catch (error) {
      this.#around.report(asCommandError(error));
    }
  }

  /** Removes a check with its attempts. */
  async remove(run: string): Promise<void> {
    try {
      await this.#host.call('run_remove', { id: run });
      this.runs = this.runs.filter((one) => one.id !== run);
      if (this.shown === run) this.leave();
    } catch (error) {
      this.#around.report(asCommandError(error));
    }
  }

  /** Further checks that were made. */
  async loadMore(): Promise<void> {
    if (this.next === null) return;
    try {
      const page = await this.#host.call('runs_page', { kind: 'check', before: this.next, limit: RUNS });
      const known = new Set(this.runs.map((run) => run.id));
      this.runs = [...this.runs, ...page.runs.filter((run) => !known.has(run.id))];
      this.next = page.next;
    } catch (error) {
      this.runsError = asCommandError(error);
    }
  }

  /** Looks at a finding. */
  select(probe: string): void {
    this.selected = probe;
    this.comparison = null;
    // What is selected is listed.
    if (!this.rows.some((finding) => finding.probe.id === probe)) this.level = null;
  }

  /** Lists findings of one level alone, or all where that is what is done already. */
  show(level: CheckLevel): void {
    this.level = this.level === level ? null : level;
    const { rows } = this;
    if (this.level !== null && !rows.some((finding) => finding.probe.id === this.selected)) {
      this.selected = rows[0]?.probe.id ?? this.selected;
    }
  }

  /** Moves the selection in the table. */
  move(by: number | 'first' | 'last'): void {
    const { rows } = this;
    if (rows.length === 0) return;
    const at = rows.findIndex((finding) => finding.probe.id === this.selected);
    let to = by === 'first' ? 0 : by === 'last' ? rows.length - 1 : at + by;
    // From nothing, both ways lead to an end.
    if (at < 0 && typeof by === 'number') to = by > 0 ? 0 : rows.length - 1;
    const row = rows[Math.min(Math.max(to, 0), rows.length - 1)];
    if (row) this.select(row.probe.id);
  }

  /** Looks at what changed since an earlier check. */
  async compare(before: string): Promise<void> {
    const run = this.shown;
    if (run === null) return;
    try {
      const comparison = await this.#host.call('check_compare', { before, after: run });
      if (this.shown === run) this.comparison = comparison;
    } catch (error) {
      this.#around.report(asCommandError(error));
    }
  }

  /** Saves the report in a file that the user chooses. */
  async exportAs(format: CheckFormat): Promise<void> {
    await this.#written(format, async (name, text) => {
      const path = await this.#around.save(name, text);
      if (path !== null) this.#around.told({ words: `The report was saved as ${path}.`, tone: 'pass' });
    });
  }

  /** Puts the report on the clipboard. */
  async copyAs(format: CheckFormat): Promise<void> {
    await this.#written(format, async (_name, text) => {
      await this.#around.copy(text);
      this.#around.told({ words: 'The report was copied.', tone: 'pass' });
    });
  }

  /** How to mend what a finding is about; undefined while that is not known. */
  mendOf(finding: CheckFinding): CheckMend | null | undefined {
    return this.#mends.get(this.#mendKey(finding));
  }

  /** Asks how to mend what a finding is about, once. */
  async loadMend(finding: CheckFinding): Promise<void> {
    const { report } = this;
    const key = this.#mendKey(finding);
    if (!report || finding.topic === null || this.#asked.has(key)) return;
    this.#asked.add(key);
    try {
      const { provider } = report.request;
      const language = this.#around.language();
      const mend = await this.#host.call('check_mend', { provider, topic: finding.topic, language });
      this.#mends = new Map([...this.#mends, [key, mend]]);
    } catch (error) {
      this.#asked.delete(key);
      this.#around.report(asCommandError(error));
    }
  }

  onEvents(events: readonly EngineEvent[]): void {
    const last = events.findLast((event) => event.type === 'check' && event.run === this.shown);
    if (last?.type === 'check') this.#hear(last);
    if (events.some((event) => event.type === 'runs_changed')) void this.loadRuns();
    // A secret was added, a rule changed: what would be sent is another.
    if (events.some((event) => event.type === 'providers_changed') && this.form.plan !== null) void this.form.replan();
  }

  onReread(): void {
    this.progress = null;
    void this.loadRuns();
    if (this.shown !== null) void this.refresh();
  }

  #hear(state: CheckState): void {
    const before = this.phase;
    this.progress = state;
    if (state.phase === 'waiting' && before !== 'waiting') {
      this.#around.say('What must be refused was sent. Shall the probes that make your endpoint work be sent too?');
    }
    void this.refresh();
  }

  async #start(request: CheckRequest): Promise<void> {
    if (this.starting) return;
    this.starting = true;
    this.startError = null;
    try {
      const run = await this.#host.call('check_start', { request });
      await this.look(run);
      void this.loadRuns();
    } catch (error) {
      this.startError = asCommandError(error);
    } finally {
      this.starting = false;
    }
  }

  async #readReport(): Promise<void> {
    const run = this.shown;
    if (run === null) return;
    const wentOn = this.report?.run === run && goesOn(this.report.phase);
    try {
      const report = await this.#host.call('check', { run });
      if (this.shown !== run) return;
      this.report = report;
      this.reportError = null;
      if (goesOn(report.phase)) return;
      // It is over, whatever was heard last.
      this.progress = null;
      if (this.selected === null) this.selected = worst(report.findings)?.probe.id ?? null;
      if (wentOn) this.#around.say(report.headline);
    } catch (error) {
      if (this.shown === run) this.reportError = asCommandError(error);
    }
  }

  async #readRuns(): Promise<void> {
    try {
      // As many as are listed, so that none goes from the sight of who looks further down.
      const limit = Math.max(RUNS, this.runs.length);
      const page = await this.#host.call('runs_page', { kind: 'check', before: null, limit });
      this.runs = page.runs;
      this.next = page.next;
      this.runsError = null;
    } catch (error) {
      this.runsError = asCommandError(error);
    }
    const first = !this.runsLoaded;
    this.runsLoaded = true;
    if (first) await this.#recall();
  }

  /** The form begins with what was checked last. */
  async #recall(): Promise<void> {
    const [last] = this.runs;
    if (!last || this.form.touched) return;
    try {
      const { request } = await this.#host.call('check', { run: last.id });
      if (!this.form.touched) this.form.fill(request);
    } catch {
      // Then it begins empty.
    }
  }

  async #readValues(): Promise<void> {
    try {
      this.form.values = await this.#host.call('named_values', {});
    } catch {
      // They are a help; a URL can be typed without them.
    }
  }

  async #written(format: CheckFormat, use: (name: string, text: string) => Promise<void>): Promise<void> {
    if (this.shown === null) return;
    try {
      const language = this.#around.language();
      const { file_name, text } = await this.#host.call('check_export', { run: this.shown, format, language });
      await use(file_name, text);
    } catch (error) {
      this.#around.report(asCommandError(error));
    }
  }

  #mendKey(finding: CheckFinding): string {
    return [this.report?.request.provider, finding.topic, this.#around.language()].join('\n');
  }
}
