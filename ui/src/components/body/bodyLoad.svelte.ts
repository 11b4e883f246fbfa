/** Fetches a body. The answer for an older delivery never takes the place of a newer one's. */
import type { CommandError } from '../../bindings';

/** Longer than this, and progress is shown. */
const SLOW_AFTER_MS = 300;

/** One body on its way to the screen. */
export class BodyLoad {
  /** The kept bytes; null while they are not there. */
  bytes: Uint8Array<ArrayBuffer> | null = $state.raw(null);
  /** Why they are not coming, in one sentence. */
  error: string | null = $state(null);
  /** It takes long enough to say so. */
  slow = $state(false);
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly fetch: (id: string) => Promise<Uint8Array<ArrayBuffer>>) {}

  /** Asks for a body and forgets the one before. */
  async open(id: string): Promise<void> {
    const turn = this.close();
    this.#timer = setTimeout(() => (this.slow = true), SLOW_AFTER_MS);
    try {
      const bytes = await this.fetch(id);
      if (turn === this.#turn) this.bytes = bytes;
    } catch (error) {
      if (turn === this.#turn) this.error = (error as CommandError).message;
    }
    if (turn === this.#turn) {
      clearTimeout(this.#timer);
      this.slow = false;
    }
  }

  /** Forgets what is there and what is on its way. */
  close(): number {
    clearTimeout(this.#timer);
    this.#turn += 1;
    this.bytes = null;
    this.error = null;
    this.slow = false;
    return this.#turn;
  }
}
