/** Formats a document between the window's own work, and drops what is no longer wanted. */
import { formatPieces } from './format';
import type { JsonDoc } from './json';

export class Pretty {
  /** The formatted text; null while it is not there. */
  text: string | null = $state.raw(null);
  /** How much of it is done, from 0 to 1. */
  done = $state(0);
  #turn = 0;

  /** Formats a document; null forgets the one before. */
  async format(doc: JsonDoc | null): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    this.text = null;
    this.done = 0;
    if (doc === null) return;
    let text = '';
    for (const piece of formatPieces(doc)) {
      text += piece;
      // A small document has one piece and is there at once.
      if (text.length > 1_000_000) await new Promise((resolve) => setTimeout(resolve));
      if (turn !== this.#turn) return;
      // What is written has the length of the source and more: white space comes to it.
      this.done = Math.min(0.95, text.length / (doc.source.length * 1.6));
    }
    this.text = text;
  }
}
