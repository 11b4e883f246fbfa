/**
 * Two requests or answers side by side. Invariant: what is shown belongs to the two sides that are chosen, however late
 * the answer to an earlier pair comes.
 */
import type { CommandError, CompareSide, Comparison } from '../bindings';
import { asCommandError } from '../host';
import { choicesOf, joinChoices, sideKey, type Choice } from './history';
import type { Host } from './host';

export class Comparing {
  /** The view is open. */
  open = $state(false);
  /** The first side. */
  a: CompareSide | null = $state.raw(null);
  /** The second side. */
  b: CompareSide | null = $state.raw(null);
  /** What the sides can be. */
  choices: readonly Choice[] = $state.raw([]);
  result: Comparison | null = $state.raw(null);
  error: CommandError | null = $state.raw(null);
  /** The two are being compared. */
  busy = $state(false);

  #host: Host;
  #asked = 0;
  /** Rises with every opening: choices of an earlier one are dropped. */
  #opened = 0;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Opens the view with two sides; `deliveries` are those whose parts can be chosen instead. */
  async show(a: CompareSide, b: CompareSide, deliveries: readonly string[]): Promise<void> {
    this.open = true;
    this.a = a;
    this.b = b;
    this.choices = [];
    this.result = null;
    await Promise.all([this.#compare(), this.#readChoices(++this.#opened, deliveries)]);
  }

  /** Chooses another side by its key. */
  async choose(which: 'a' | 'b', key: string): Promise<void> {
    const choice = this.choices.find((one) => one.key === key);
    if (!choice) return;
    this[which] = choice.side;
    await this.#compare();
  }

  async swap(): Promise<void> {
    [this.a, this.b] = [this.b, this.a];
    await this.#compare();
  }

  close(): void {
    this.open = false;
    this.#asked += 1;
    this.#opened += 1;
    this.result = null;
    this.error = null;
    this.busy = false;
  }

  async again(): Promise<void> {
    await this.#compare();
  }

  async #compare(): Promise<void> {
    const { a, b } = this;
    if (a === null || b === null) return;
    const asked = ++this.#asked;
    this.busy = true;
    try {
      const result = await this.#host.call('compare', { a, b });
      if (asked !== this.#asked) return;
      this.result = result;
      this.error = null;
    } catch (error) {
      if (asked !== this.#asked) return;
      this.result = null;
      this.error = asCommandError(error);
    } finally {
      if (asked === this.#asked) this.busy = false;
    }
  }

  async #readChoices(opened: number, deliveries: readonly string[]): Promise<void> {
    const read = await Promise.allSettled(deliveries.map((id) => this.#host.call('delivery_detail', { id })));
    if (opened !== this.#opened) return;
    const now = new Date();
    const lists = read.flatMap((one) => (one.status === 'fulfilled' ? [choicesOf(one.value, now)] : []));
    this.choices = joinChoices(lists);
  }

  /** The key of a side, for the selector. */
  key(which: 'a' | 'b'): string {
    const side = this[which];
    return side === null ? '' : sideKey(side);
  }
}
