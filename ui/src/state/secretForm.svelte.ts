/**
 * A secret while it is typed. The value lives here, in the field and nowhere else: it is never logged, and closing the
 * form forgets it.
 */
import type { CommandError, SecretInspection } from '../bindings';
import { asCommandError } from '../host';
import type { Host } from './host';

/** From the last key press to the look at the value, in milliseconds. */
export const INSPECT_AFTER = 150;

export class SecretForm {
  /** The provider for which it is open; none while it is closed. */
  provider: string | null = $state(null);
  /** The name of the secret that is edited; none for a new one. */
  replaces: string | null = $state(null);
  name = $state('');
  value = $state('');
  /** What is noticed about the value as it stands; none while that is not known. */
  inspection: SecretInspection | null = $state.raw(null);
  /** Why it was not stored. */
  error: CommandError | null = $state.raw(null);
  saving = $state(false);

  #host: Host;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;

  constructor(host: Host) {
    this.#host = host;
  }

  /** An edited secret may be renamed without a new value; a new one needs both. */
  get ready(): boolean {
    return this.name.trim() !== '' && (this.value !== '' || this.replaces !== null) && !this.saving;
  }

  /** Opens the form, empty or for a secret that is there. */
  open(provider: string, replaces: string | null = null): void {
    this.close();
    this.provider = provider;
    this.replaces = replaces;
    this.name = replaces ?? '';
  }

  /** Closes it and forgets what was typed. */
  close(): void {
    this.#forgetInspection();
    this.provider = null;
    this.replaces = null;
    this.name = '';
    this.value = '';
    this.error = null;
    this.saving = false;
  }

  /** Takes the value as typed; it is looked at when the typing pauses. */
  type(value: string): void {
    this.value = value;
    const turn = this.#forgetInspection();
    const provider = this.provider;
    if (provider === null || value === '') return;
    this.#timer = setTimeout(async () => {
      try {
        const inspection = await this.#host.call('secret_inspect', { provider, value });
        if (turn === this.#turn) this.inspection = inspection;
      } catch (error) {
        if (turn === this.#turn) this.error = asCommandError(error);
      }
    }, INSPECT_AFTER);
  }

  /** Takes the mended value that was offered. */
  mend(): void {
    const suggestion = this.inspection?.suggestion;
    if (suggestion !== null && suggestion !== undefined) this.type(suggestion);
  }

  /** Stores it and closes the form; answers whether that was done. */
  async save(): Promise<boolean> {
    const provider = this.provider;
    if (provider === null || !this.ready) return false;
    this.saving = true;
    this.error = null;
    try {
      const value = this.value === '' ? null : this.value;
      await this.#host.call('secret_set', { provider, name: this.name.trim(), value, replaces: this.replaces });
      // Someone may have gone on to another provider's form meanwhile: that one stays.
      if (this.provider === provider) this.close();
      return true;
    } catch (error) {
      if (this.provider === provider) this.error = asCommandError(error);
      return false;
    } finally {
      this.saving = false;
    }
  }

  #forgetInspection(): number {
    clearTimeout(this.#timer);
    this.inspection = null;
    this.error = null;
    this.#turn += 1;
    return this.#turn;
  }
}
