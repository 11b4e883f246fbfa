/** The rules that decide what senders get, and the two switches beside them. */
import type { EngineEvent, ResponseRule, Responses as Values, RuleTrial } from '../bindings';
import type { Listener } from './app.svelte';
import type { Host } from './host';
import { Ordered } from './ordered.svelte';

/** A rule to begin with. */
export function newRule(change: Partial<ResponseRule> = {}): ResponseRule {
  const headers: [string, string][] = [['Content-Type', 'text/plain; charset=utf-8']];
  return {
    id: '',
    name: 'New rule',
    on: true,
    when: '',
    turn: { kind: 'always' },
    status: 200,
    headers,
    body: '',
    delay_ms: 0,
    fault: null,
    ...change,
  };
}

/** Rules that are often wanted. */
export const PRESETS: readonly { id: string; label: string; rule: Partial<ResponseRule> }[] = [
  {
    id: 'refuse',
    label: 'Refuse what does not verify (401)',
    rule: {
      name: 'Refuse what does not verify',
      when: '-verdict:pass,unsigned',
      status: 401,
      body: 'invalid signature\n',
    },
  },
  {
    id: 'down',
    label: 'Down for the first 3 (503)',
    rule: { name: 'Down for the first 3', turn: { kind: 'first', count: 3 }, status: 503 },
  },
  { id: 'slow', label: 'Slow: 35 s', rule: { name: 'Slow', delay_ms: 35_000 } },
  {
    id: 'fifth',
    label: 'Every 5th fails (500)',
    rule: { name: 'Every 5th fails', turn: { kind: 'every', count: 5 }, status: 500 },
  },
  { id: 'lost', label: 'Lose the answer', rule: { name: 'Lose the answer', fault: 'close' } },
];

/** What a rule answers, in words: `503 after 2 s, the first 3 times`. */
export function inWords(rule: ResponseRule): string {
  const faults = {
    close: 'closes the connection',
    half: `breaks off half of ${String(rule.status)}`,
    never: 'never answers',
  };
  const what = rule.fault === null ? String(rule.status) : faults[rule.fault];
  const late = rule.delay_ms === 0 ? '' : ` after ${String(rule.delay_ms / 1000)} s`;
  const turns = {
    always: '',
    first:
      rule.turn.kind === 'first'
        ? `, the first ${rule.turn.count === 1 ? 'time' : `${String(rule.turn.count)} times`}`
        : '',
    every: rule.turn.kind === 'every' ? `, 1 of ${String(rule.turn.count)}` : '',
  };
  return `${what}${late}${turns[rule.turn.kind]}`;
}

export class Responses extends Ordered<ResponseRule> implements Listener {
  /** A path that ends in a status is answered with it. */
  byPath = $state(false);
  /** Providers whose handshakes are left to the endpoint. */
  standAside: readonly string[] = $state.raw([]);

  #host: Host;

  constructor(host: Host) {
    super({
      read: async () => this.#take(await host.call('responses', {})),
      write: (rules) => this.#set({ rules: [...rules] }),
      check: (rule) => host.call('response_check', { rule }),
    });
    this.#host = host;
  }

  async setByPath(on: boolean): Promise<void> {
    await this.#change({ status_by_path: on });
  }

  /** Leaves a provider's handshakes to the endpoint, or answers them here. */
  async setStandAside(provider: string, aside: boolean): Promise<void> {
    const others = this.standAside.filter((id) => id !== provider);
    await this.#change({ stand_aside: aside ? [...others, provider] : others });
  }

  /** What the open rule, as typed, would do with a delivery. */
  try(rule: ResponseRule, delivery: string): Promise<RuleTrial> {
    return this.#host.call('response_try', { rule, delivery });
  }

  onEvents(events: readonly EngineEvent[]): void {
    if (events.some((event) => event.type === 'responses_changed')) void this.load();
  }

  onReread(): void {
    void this.load();
  }

  async #change(change: Partial<Values>): Promise<void> {
    try {
      await this.#set(change);
      this.error = null;
    } catch (error) {
      this.error = error as typeof this.error;
    }
  }

  async #set(change: Partial<Values>): Promise<readonly ResponseRule[]> {
    const responses: Values = {
      rules: [...this.saved],
      status_by_path: this.byPath,
      stand_aside: [...this.standAside],
      ...change,
    };
    return this.#take(await this.#host.call('responses_set', { responses }));
  }

  #take(values: Values): readonly ResponseRule[] {
    this.byPath = values.status_by_path;
    this.standAside = values.stand_aside;
    return values.rules;
  }
}
