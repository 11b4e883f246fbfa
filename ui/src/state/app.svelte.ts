/**
 * What the whole window stands on: the app's state and the event stream.
 *
 * Invariant: events are applied in order and each once. Batches that arrive while the state is being read wait; what
 * the state already contains is skipped; where a number is missing, everything is read again.
 */
import type { AppState, CommandError, EngineEvent, EventBatch, ListenerState, RejudgeProgress } from '../bindings';
import { asCommandError } from '../host';
import type { Host } from './host';

/** Those who want to hear of events. */
export interface Listener {
  /** The events of a batch, in order. */
  onEvents(events: readonly EngineEvent[]): void;
  /** Everything may have changed: read again. */
  onReread(): void;
}

export class App {
  /** None until it was read once. */
  state: AppState | null = $state.raw(null);
  /** Why it could not be read. */
  error: CommandError | null = $state.raw(null);
  /** Judging again, the last state of it that was told. */
  rejudge: RejudgeProgress | null = $state.raw(null);

  #host: Host;
  #listeners: Listener[] = [];
  #seq = 0;
  #reading = false;
  #waiting: EventBatch[] = [];

  constructor(host: Host) {
    this.#host = host;
  }

  /** The listener's state; not listening until it is known. */
  get listener(): ListenerState {
    return this.state?.listener ?? { listening: false, addr: null, url: null, tls: null, message: null };
  }

  /** Tells a part of the state of every event from now on. */
  subscribe(listener: Listener): void {
    this.#listeners.push(listener);
  }

  /** Listens to the stream, then reads the state: in this order nothing falls between the two. */
  async start(): Promise<void> {
    this.#reading = true;
    try {
      await this.#host.onEvents((batch) => this.receive(batch));
    } catch (error) {
      this.error = asCommandError(error);
    }
    await this.reread();
  }

  /** Reads everything again. */
  async reread(): Promise<void> {
    this.#reading = true;
    try {
      this.#take(await this.#host.call('app_state', {}));
      this.error = null;
    } catch (error) {
      this.error = asCommandError(error);
      this.#waiting = [];
      return;
    } finally {
      this.#reading = false;
    }
    for (const listener of this.#listeners) listener.onReread();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const batch of waiting) this.receive(batch);
  }

  /** Takes a batch of the stream. */
  receive(batch: EventBatch): void {
    if (this.#reading) {
      this.#waiting.push(batch);
      return;
    }
    const last = batch.first_seq + batch.events.length - 1;
    const reset = batch.events.findLastIndex((event) => event.type === 'reset');
    if (batch.first_seq > this.#seq + 1 && reset < 0) {
      void this.reread();
      return;
    }
    if (last <= this.#seq && reset < 0) return;
    const events = batch.events.slice(Math.max(0, reset, reset < 0 ? this.#seq + 1 - batch.first_seq : 0));
    this.#seq = last;
    for (const event of events) this.#apply(event);
    for (const listener of this.#listeners) listener.onEvents(events);
  }

  #take(state: AppState): void {
    this.state = state;
    this.rejudge = state.rejudge;
    this.#seq = state.seq;
  }

  #apply(event: EngineEvent): void {
    if (event.type === 'reset') {
      const last = this.#seq;
      this.#take(event.state);
      this.#seq = Math.max(last, event.state.seq);
      for (const listener of this.#listeners) listener.onReread();
      return;
    }
    if (!this.state) return;
    if (event.type === 'listener') this.state = { ...this.state, listener: event.listener };
    if (event.type === 'tunnel') this.state = { ...this.state, tunnel: event.tunnel };
    if (event.type === 'settings_changed') this.state = { ...this.state, settings: event.settings };
    if (event.type === 'log_trouble') {
      this.state = { ...this.state, log: { ...this.state.log, trouble: event.trouble } };
    }
    if (event.type === 'rejudge') {
      const { done, total, changed, now_pass, state } = event;
      this.rejudge = { done, total, changed, now_pass, state };
    }
  }
}
