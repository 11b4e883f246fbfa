/**
 * What is to be checked, while it is chosen, and the plan of it.
 *
 * Invariant: the plan that is shown belongs to what stands in the form, or is older and marked so by `planning`; an answer
 * to an older question is dropped.
 */
import type { CheckPlan, CheckRequest, CommandError, NamedValue, StateProbe } from '../bindings';
import { filled } from './namedValues';
import { asCommandError } from '../host';
import { emptyRequest } from './checkWords';
import type { Host } from './host';

/** From the last change to the look at what it would do, in milliseconds. */
export const PLAN_AFTER = 150;

/** What stands in the form. */
export interface Fields {
  provider: string;
  endpoint: string;
  /** None: the one that says most. */
  event: string | null;
  /** By name; empty: all of the provider's. */
  secrets: readonly string[];
  /** Ids of events that the endpoint waits for, separated by commas or white space. */
  ids: string;
  state: 'none' | StateProbe['kind'];
  stateUrl: string;
  stateCommand: string;
  /** Seconds; empty: as long as the provider waits. */
  timeout: string;
  anyCertificate: boolean;
}

/** Seconds as milliseconds; none for an empty text, an error for what is no time. */
export function timeoutOf(text: string): number | null | Error {
  if (text.trim() === '') return null;
  const seconds = Number(text.trim().replace(',', '.'));
  if (!Number.isFinite(seconds) || seconds < 0.1 || seconds > 600) return new Error('Between 0.1 and 600 seconds.');
  return Math.round(seconds * 1000);
}

/** What stands in the form as the engine takes it, with the named values filled in. */
export function requestOf(fields: Fields, values: readonly NamedValue[] = []): CheckRequest {
  const timeout = timeoutOf(fields.timeout);
  const url = filled(fields.stateUrl.trim(), values);
  const command = fields.stateCommand.trim();
  let state: StateProbe | null = null;
  if (fields.state === 'url' && url !== '') state = { kind: 'url', url };
  if (fields.state === 'command' && command !== '') state = { kind: 'command', command };
  return {
    ...emptyRequest(),
    provider: fields.provider,
    endpoint: filled(fields.endpoint.trim(), values),
    event: fields.event,
    secrets: [...fields.secrets],
    ids: fields.ids.split(/[\s,]+/).filter((id) => id !== ''),
    state,
    timeout_ms: timeout instanceof Error ? null : timeout,
    any_certificate: fields.anyCertificate,
  };
}

/** The form that a request came from. */
export function fieldsOf(request: CheckRequest): Fields {
  const { state } = request;
  return {
    provider: request.provider,
    endpoint: request.endpoint,
    event: request.event,
    secrets: request.secrets,
    ids: request.ids.join(', '),
    state: state?.kind ?? 'none',
    stateUrl: state?.kind === 'url' ? state.url : '',
    stateCommand: state?.kind === 'command' ? state.command : '',
    timeout: request.timeout_ms === null ? '' : String(request.timeout_ms / 1000),
    anyCertificate: request.any_certificate,
  };
}

export class CheckForm {
  fields: Fields = $state.raw(fieldsOf(emptyRequest()));
  /** The user's named values. */
  values: readonly NamedValue[] = $state.raw([]);
  /** What would be sent; none until it was asked for. */
  plan: CheckPlan | null = $state.raw(null);
  /** The plan is older than what stands in the form. */
  planning = $state(false);
  /** Why there is no plan. */
  error: CommandError | null = $state.raw(null);
  /** What is rarely needed is shown. */
  more = $state(false);
  /** Something was chosen or typed: the last check does not fill the form any more. */
  touched = $state(false);

  #host: Host;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;

  constructor(host: Host) {
    this.#host = host;
  }

  /** What stands there as the engine takes it. */
  get request(): CheckRequest {
    return requestOf(this.fields, this.values);
  }

  /** What is wrong with the time to wait. */
  get timeoutError(): string | null {
    const timeout = timeoutOf(this.fields.timeout);
    return timeout instanceof Error ? timeout.message : null;
  }

  /** Nothing stands in the way of starting it. */
  get ready(): boolean {
    return (
      this.fields.provider !== '' &&
      this.fields.endpoint.trim() !== '' &&
      this.timeoutError === null &&
      !this.planning &&
      this.plan !== null &&
      this.plan.problem === null
    );
  }

  /** Changes what is given and looks at what it would do. */
  edit(change: Partial<Fields>): void {
    // Events and secrets are those of the provider.
    const other = change.provider !== undefined && change.provider !== this.fields.provider;
    this.fields = { ...this.fields, ...(other ? { event: null, secrets: [] } : {}), ...change };
    this.touched = true;
    if (other) this.plan = null;
    this.#later(other ? 0 : PLAN_AFTER);
  }

  /** Fills the form from a request, as one begins from an earlier check. */
  fill(request: CheckRequest): void {
    this.fields = fieldsOf(request);
    this.more = request.state !== null || request.any_certificate || request.timeout_ms !== null;
    this.#later(0);
  }

  /** Takes this provider where none is chosen. */
  begin(provider: string): void {
    if (this.fields.provider !== '') return;
    this.fields = { ...this.fields, provider };
    this.#later(0);
  }

  /** Asks again what it would do. */
  async replan(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.fields.provider === '') return;
    const turn = ++this.#turn;
    this.planning = true;
    try {
      const plan = await this.#host.call('check_plan', { request: this.request });
      if (turn !== this.#turn) return;
      this.plan = plan;
      this.error = null;
    } catch (error) {
      if (turn !== this.#turn) return;
      this.plan = null;
      this.error = asCommandError(error);
    }
    this.planning = false;
  }

  #later(ms: number): void {
    clearTimeout(this.#timer);
    if (this.fields.provider === '') return;
    this.#turn += 1;
    this.planning = true;
    this.#timer = setTimeout(() => void this.replan(), ms);
  }
}
