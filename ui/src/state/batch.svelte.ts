/**
 * Deliveries resent together: what is asked before, how far it has come, and its items.
 *
 * Invariant: what is shown of the batch is never older than an event that was heard of it. One batch runs at a time; the
 * engine refuses a second.
 */
import type { BatchSelection, BatchState, CommandError, EngineEvent } from '../bindings';
import { asCommandError } from '../host';
import type { Listener } from './app.svelte';
import { BatchItems } from './batchItems.svelte';
import { endWords, paceOf, rangeFilter, timeoutOf, type BatchForm } from './batchWords';
import { coalesce } from './coalesce';
import type { Host, Report } from './host';
import { compareIds } from './rows';

/** What is to be resent: a selection, or a range of time that is still being chosen. */
export type Asked = BatchSelection | { kind: 'range' };

export class Batch implements Listener {
  /** The batch that runs or ran last. */
  state: BatchState | null = $state.raw(null);
  /** When it was seen to end, in milliseconds since 1970. */
  endedAt: number | null = $state(null);
  /** The list of its items is open. */
  open = $state(false);
  readonly items: BatchItems;

  /** What the dialog is open for. */
  asked: Asked | null = $state.raw(null);
  /** What was chosen last stays chosen. */
  form: BatchForm = $state({
    to: '',
    pace: 'fast',
    atOnce: '20',
    perSecond: '10',
    speed: '1',
    signAnew: false,
    timeout: '30',
    anyCertificate: false,
  });
  /** The range, in the filter's own words. */
  since = $state('1h');
  until = $state('');
  /** A filter that holds beside the range; empty: none. */
  within = $state('');
  /** How many the selection takes; none until it is known. */
  count: number | null = $state(null);
  /** Seconds between the first and the last of them, once they were asked for. */
  recorded: number | null = $state(null);
  /** What is wrong with the range. */
  rangeError: string | null = $state(null);
  /** Why the batch did not start. */
  error: CommandError | null = $state.raw(null);
  /** It is being started. */
  starting = $state(false);

  /** Counts the selection again. */
  readonly recount: () => Promise<void>;
  #host: Host;
  #report: Report;
  #say: (words: string) => void;
  /** Put away by the user: when that one began. */
  #dismissed: string | null = $state(null);
  /** Rises with every event: answers to what was asked before it are older. */
  #heard = 0;

  /** `say` is for screen readers. */
  constructor(host: Host, report: Report, say: (words: string) => void) {
    this.#host = host;
    this.#report = report;
    this.#say = say;
    this.items = new BatchItems(host, report);
    this.recount = coalesce(() => this.#count());
  }

  /** The batch where it is to be seen: it runs, or was not put away yet. */
  get shown(): BatchState | null {
    return this.state && this.state.started_at !== this.#dismissed ? this.state : null;
  }

  /** What the dialog stands for, as the engine takes it. */
  get selection(): BatchSelection | null {
    if (this.asked?.kind !== 'range') return this.asked;
    return { kind: 'filter', filter: rangeFilter(this.since, this.until, this.within) };
  }

  /** Opens the dialog. `within` is the filter that a range may be narrowed with. */
  ask(asked: Asked): void {
    this.asked = asked;
    this.error = null;
    this.rangeError = null;
    this.count = asked.kind === 'ids' ? asked.ids.length : null;
    this.recorded = null;
    void this.recount();
  }

  /** Closes the dialog; what was chosen is kept for the next time. */
  put(): void {
    this.asked = null;
  }

  /** Starts what was asked for. The dialog stays open where that fails. */
  async start(): Promise<void> {
    const selection = this.selection;
    const pace = paceOf(this.form);
    const timeout = timeoutOf(this.form);
    if (!selection || !pace || timeout === null || this.starting) return;
    this.starting = true;
    this.error = null;
    try {
      const to = this.form.to.trim();
      const options = { timeout_ms: timeout, any_certificate: this.form.anyCertificate, follow_redirects: false };
      const request = { selection, to: to === '' ? null : to, pace, sign_anew: this.form.signAnew, options };
      await this.#ask(() => this.#host.call('batch_start', { request }));
      this.asked = null;
    } catch (error) {
      this.error = asCommandError(error);
    } finally {
      this.starting = false;
    }
  }

  /** Holds it, or lets it go on. */
  async pause(paused: boolean): Promise<void> {
    await this.#try(() => this.#host.call('batch_pause', { paused }));
  }

  /** Ends it: what is under way is cut off, the rest is not sent. */
  async cancel(): Promise<void> {
    await this.#try(() => this.#host.call('batch_cancel', {}));
  }

  /** Sends again what was not accepted. */
  async retry(): Promise<void> {
    await this.#try(() => this.#host.call('batch_retry', {}));
  }

  /** Puts away a batch that is over. */
  dismiss(): void {
    if (!this.state || this.state.running) return;
    this.#dismissed = this.state.started_at;
    this.show(false);
  }

  /** Opens or closes the list of its items. */
  show(open: boolean): void {
    this.open = open;
    this.items.watch(open);
  }

  onEvents(events: readonly EngineEvent[]): void {
    // The last one says it all.
    const last = events.findLast((event) => event.type === 'batch');
    if (last) {
      this.#heard += 1;
      const state: BatchState = last;
      const ended = !state.running && !(this.state?.started_at === state.started_at && !this.state.running);
      this.#take(state);
      if (ended) {
        this.endedAt = Date.now();
        this.#say(endWords(state));
      }
    }
    const changed = (event: EngineEvent): boolean =>
      ['delivery_added', 'deliveries_added', 'deliveries_changed', 'verdicts_changed'].includes(event.type);
    if (this.asked && this.asked.kind !== 'ids' && events.some(changed)) void this.recount();
  }

  onReread(): void {
    void this.#try(() => this.#host.call('batch', {}));
  }

  #take(state: BatchState | null): void {
    if (state?.started_at !== this.state?.started_at) {
      this.endedAt = null;
      this.items.forget();
    }
    this.state = state;
    this.items.changed(state?.running ?? false);
  }

  /** Takes the answer, unless an event came meanwhile: that is newer. */
  async #ask(call: () => Promise<BatchState | null>): Promise<void> {
    const heard = this.#heard;
    const state = await call();
    if (heard === this.#heard) this.#take(state);
  }

  async #try(call: () => Promise<BatchState | null>): Promise<void> {
    try {
      await this.#ask(call);
    } catch (error) {
      this.#report(asCommandError(error));
    }
  }

  async #count(): Promise<void> {
    const selection = this.selection;
    if (!selection) return;
    try {
      const filter = selection.kind === 'filter' ? selection.filter : null;
      const count = filter === null ? this.count : (await this.#host.call('deliveries_count', { filter })).matched;
      const recorded = this.form.pace === 'recorded' ? await this.#between(selection) : null;
      // Another range was typed meanwhile, which is counted next.
      if (JSON.stringify(this.selection) !== JSON.stringify(selection)) return;
      this.count = count;
      this.recorded = recorded;
      this.rangeError = null;
    } catch (error) {
      const { code, message } = asCommandError(error);
      this.count = null;
      this.recorded = null;
      if (code === 'bad_filter' && this.asked?.kind === 'range') this.rangeError = message;
      else this.error = asCommandError(error);
    }
  }

  /** Seconds between the first and the last of a selection. */
  async #between(selection: BatchSelection): Promise<number | null> {
    const [first, last] =
      selection.kind === 'ids' ? await this.#endsOfIds(selection.ids) : await this.#ends(selection.filter);
    return first === undefined || last === undefined
      ? null
      : Math.max(0, (Date.parse(last) - Date.parse(first)) / 1000);
  }

  async #endsOfIds(ids: readonly string[]): Promise<(string | undefined)[]> {
    const sorted = [...ids].sort(compareIds);
    const ends = [sorted[0], sorted.at(-1)].filter((id) => id !== undefined);
    const details = ends.map((id) => this.#host.call('delivery_detail', { id }));
    return (await Promise.all(details)).map((detail) => detail.summary.received_at);
  }

  /**
   * When the oldest and the newest that a filter takes were received. Pages go from the newest down, so the oldest is
   * found by halving the ids: some 20 questions for a row each instead of all pages.
   */
  async #ends(filter: string): Promise<(string | undefined)[]> {
    const before = async (id: bigint | null) =>
      (await this.#host.call('deliveries_page', { filter, before: id?.toString() ?? null, limit: 1, grouped: false }))
        .items[0];
    const newest = await before(null);
    let oldest = newest;
    // Nothing is older than `least`; `oldest` is the oldest one known.
    let least = 1n;
    while (oldest && BigInt(oldest.id) > least) {
      const middle = (least + BigInt(oldest.id) + 1n) / 2n;
      const older = await before(middle);
      if (older) oldest = older;
      else least = middle;
    }
    return [oldest?.received_at, newest?.received_at];
  }
}
