/**
 * What a handler says it hashed, against the opened delivery. Invariant: a result belongs to the delivery, the scheme
 * and the bytes that are shown; whatever of them changes takes it away.
 */
import type { CommandError, Given, Hashed } from '../bindings';
import { asCommandError } from '../host';
import type { Host } from './host';

/** The engine takes no more, in bytes. */
const MOST = 64 * 1024 * 1024;

/** A file that was chosen. */
export interface ChosenFile {
  name: string;
  size: number;
  /** Its bytes as base64. */
  read: () => Promise<string>;
}

export class Hashing {
  /** The card is open. */
  open = $state(false);
  /** What was typed or pasted; counts while no file is chosen. */
  text = $state('');
  file: ChosenFile | null = $state.raw(null);
  result: Hashed | null = $state.raw(null);
  error: CommandError | null = $state.raw(null);
  busy = $state(false);

  #host: Host;
  #asked = 0;
  #of = '';

  constructor(host: Host) {
    this.#host = host;
  }

  /** Another delivery or scheme is shown: the bytes stay, the result goes. */
  show(delivery: string, scheme: string): void {
    const of = `${delivery} ${scheme}`;
    if (of === this.#of) return;
    this.#of = of;
    this.#forget();
  }

  type(text: string): void {
    this.text = text;
    this.file = null;
    this.#forget();
  }

  choose(file: ChosenFile | null): void {
    this.file = file;
    this.#forget();
  }

  async compare(delivery: string, scheme: string | null): Promise<void> {
    this.#forget();
    const asked = this.#asked;
    this.busy = true;
    try {
      const given = await this.#given();
      const result = await this.#host.call('compare_hashed', { delivery, scheme, given });
      if (asked === this.#asked) this.result = result;
    } catch (error) {
      if (asked === this.#asked) this.error = asCommandError(error);
    } finally {
      if (asked === this.#asked) this.busy = false;
    }
  }

  async #given(): Promise<Given> {
    const { file, text } = this;
    if (file === null) return { kind: 'text', text };
    if (file.size > MOST) throw new Error('This file is over 64 MB: choose what your handler hashed.');
    return { kind: 'base64', base64: await file.read() };
  }

  #forget(): void {
    this.#asked += 1;
    this.result = null;
    this.error = null;
    this.busy = false;
  }
}
