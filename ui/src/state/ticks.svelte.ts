/** The lines of a history that are ticked for comparing: at most two, and of one delivery. */
export class Ticks {
  /** Their keys, the one ticked first at the beginning. */
  keys: readonly string[] = $state.raw([]);

  #of: string | null = null;

  /** The history of another delivery is shown: nothing of it is ticked. */
  show(delivery: string): void {
    if (delivery === this.#of) return;
    this.#of = delivery;
    this.keys = [];
  }

  /** Ticks or unticks; of three the one that was ticked first goes. */
  toggle(key: string): void {
    this.keys = this.keys.includes(key) ? this.keys.filter((one) => one !== key) : [...this.keys, key].slice(-2);
  }
}
