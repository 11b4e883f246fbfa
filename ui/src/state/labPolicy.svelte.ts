/**
 * A provider's retry policy while it is edited: as typed, what the engine says of it, and who says so.
 *
 * Invariant: nothing is saved that the engine finds a fault with; the faults that are shown are those of what is typed now.
 */
import type { CommandError, LabPolicy, RetryBasis, RetryPolicy, RetryPolicyFault } from '../bindings';
import { asCommandError } from '../host';
import { coalesce } from './coalesce';
import type { Host } from './host';
import { readPolicy, typedOf, type TypedPolicy } from './labPolicyText';

export class LabPolicyEditor {
  /** The policy as it is in use; none: the editor is closed. */
  of: LabPolicy | null = $state.raw(null);
  typed: TypedPolicy | null = $state(null);
  /** What the engine finds wrong, by field. */
  faults: readonly RetryPolicyFault[] = $state.raw([]);
  error: CommandError | null = $state.raw(null);
  saving = $state(false);

  /** Has what is typed looked through. */
  readonly check: () => Promise<void>;
  #host: Host;

  constructor(host: Host) {
    this.#host = host;
    this.check = coalesce(async () => {
      const read = this.read;
      if (read?.policy == null) return;
      try {
        this.faults = await host.call('lab_policy_check', { policy: read.policy });
      } catch (error) {
        this.error = asCommandError(error);
      }
    });
  }

  /** What is typed as a policy, and what cannot be read of it. */
  get read(): ReturnType<typeof readPolicy> | null {
    return this.typed === null || this.of === null ? null : readPolicy(this.typed, this.of.own);
  }

  /** What is wrong with a field; none where nothing is. */
  faultOf(field: string): string | null {
    return (
      this.read?.faults.find((fault) => fault.field === field)?.sentence ??
      this.faults.find((fault) => fault.field === field)?.sentence ??
      null
    );
  }

  /** Nothing stands in the way of using it. */
  get sound(): boolean {
    return this.read?.policy != null && this.faults.length === 0 && !this.saving;
  }

  /** Opens the editor; `policy` is one for a single run. */
  open(of: LabPolicy, policy: RetryPolicy | null): void {
    this.of = of;
    this.typed = typedOf(policy ?? of.policy);
    this.faults = [];
    this.error = null;
  }

  close(): void {
    this.of = null;
    this.typed = null;
  }

  change(change: Partial<TypedPolicy>): void {
    if (this.typed === null) return;
    this.typed = { ...this.typed, ...change };
    this.faults = [];
    void this.check();
  }

  /** Whether a field is as the provider's file has it. */
  isOwn(field: string): boolean {
    const policy = this.read?.policy;
    if (!this.of || policy == null) return this.faultOf(field) === null && this.basisOf(field) !== 'edited';
    return same(policy, this.of.own, field);
  }

  /** Who says a field, as it is typed. */
  basisOf(field: string): RetryBasis {
    const row = this.of?.rows.find((one) => one.field === field);
    const policy = this.read?.policy;
    if (!this.of || policy == null) return row?.basis ?? 'not_documented';
    if (!same(policy, this.of.own, field)) return 'edited';
    // Typed back to what the file says: the row tells its basis as long as it was not the user's.
    return row === undefined || row.basis === 'edited' ? 'documented' : row.basis;
  }

  /** Takes a field back to what the provider's file says. */
  restore(field: string): void {
    if (this.of === null || this.typed === null) return;
    const own = typedOf(this.of.own);
    this.change(Object.fromEntries(FIELDS[field]?.map((key) => [key, own[key]]) ?? []));
  }

  /** Saves it for its provider; answers the policy, none where that failed. */
  async save(): Promise<LabPolicy | null> {
    const policy = this.read?.policy;
    if (this.of === null || policy == null) return null;
    const { provider } = this.of;
    return this.#save(() => this.#host.call('lab_policy_set', { provider, policy }));
  }

  /** Goes back to the provider's file, whole. */
  async reset(): Promise<LabPolicy | null> {
    if (this.of === null) return null;
    const { provider } = this.of;
    return this.#save(() => this.#host.call('lab_policy_reset', { provider }));
  }

  async #save(call: () => Promise<LabPolicy>): Promise<LabPolicy | null> {
    this.saving = true;
    this.error = null;
    try {
      return await call();
    } catch (error) {
      this.error = asCommandError(error);
      return null;
    } finally {
      this.saving = false;
    }
  }
}

/** What each row of a policy consists of, as typed. */
const FIELDS: Record<string, (keyof TypedPolicy)[]> = {
  attempts: ['attempts'],
  delays: ['delaysKind', 'delays', 'first', 'factor', 'cap'],
  jitter: ['jitter'],
  timeout: ['timeout'],
  success: ['success'],
  stop_on: ['stopOn'],
  stop_header: ['stopName', 'stopValue'],
  throttle: ['throttle', 'throttleOn', 'throttleCap'],
  redirects: ['redirects'],
  sign_anew: ['signAnew'],
  headers: ['headers'],
  announce: ['announce'],
};

const KEYS: Record<string, keyof RetryPolicy> = { timeout: 'timeout_s' };

function same(a: RetryPolicy, b: RetryPolicy, field: string): boolean {
  const key = KEYS[field] ?? (field as keyof RetryPolicy);
  return JSON.stringify(a[key]) === JSON.stringify(b[key]);
}
