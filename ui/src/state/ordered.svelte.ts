/**
 * An ordered list that the user edits one item at a time: rules for answers, routes. What was typed of an item and not
 * saved is kept while one looks elsewhere. Invariant: what is shown as saved is what the engine answered.
 */
import { SvelteMap } from 'svelte/reactivity';
import type { CommandError, RuleFault } from '../bindings';
import { asCommandError } from '../host';

export interface Item {
  id: string;
  name: string;
  on: boolean;
}

/** What the list needs of the engine. All reject with a `CommandError`. */
export interface Source<T> {
  read: () => Promise<readonly T[]>;
  write: (list: readonly T[]) => Promise<readonly T[]>;
  check: (item: T) => Promise<RuleFault | null>;
}

/** From the last key to the check of what was typed, in milliseconds. */
const TYPING = 200;
/** Items that are not saved yet have an id of their own here. */
const NEW = 'new ';

export class Ordered<T extends Item> {
  saved: readonly T[] = $state.raw([]);
  loaded = $state(false);
  /** Why something was not done; the list is as it was. */
  error: CommandError | null = $state.raw(null);
  /** The item whose form is open. */
  selected: string | null = $state(null);
  /** What is wrong with the open item as typed. */
  fault: RuleFault | null = $state.raw(null);
  saving = $state(false);
  /** What was removed last, to undo it. */
  removed: { item: T; at: number } | null = $state.raw(null);

  #drafts = new SvelteMap<string, T>();
  #source: Source<T>;
  #writing: Promise<boolean> = Promise.resolve(true);
  #made = 0;
  #asked = 0;
  #typing: ReturnType<typeof setTimeout> | undefined;

  constructor(source: Source<T>) {
    this.#source = source;
  }

  /** The items as listed: saved ones, then those that are not saved yet. */
  get items(): readonly T[] {
    return [...this.saved, ...[...this.#drafts.values()].filter((item) => item.id.startsWith(NEW))];
  }

  /** The open item as typed. */
  get draft(): T | null {
    if (this.selected === null) return null;
    return this.#drafts.get(this.selected) ?? this.saved.find((item) => item.id === this.selected) ?? null;
  }

  /** An item has changes that are not saved. */
  changed(id: string): boolean {
    return this.#drafts.has(id);
  }

  async load(): Promise<void> {
    await this.#attempt(async () => this.#show(await this.#source.read()));
  }

  select(id: string): void {
    this.selected = id;
    this.#check();
  }

  /** Begins a new item, which is saved by `save`. */
  add(item: T): void {
    this.#made += 1;
    const id = `${NEW}${String(this.#made)}`;
    this.#drafts.set(id, { ...item, id });
    this.select(id);
  }

  /** Takes what was typed. */
  edit(change: Partial<T>): void {
    const draft = this.draft;
    if (!draft) return;
    const next = { ...draft, ...change };
    const before = this.saved.find((item) => item.id === draft.id);
    if (before && JSON.stringify(before) === JSON.stringify(next)) this.#drafts.delete(draft.id);
    else this.#drafts.set(draft.id, next);
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#check(), TYPING);
  }

  /** Saves the open item; answers whether it was. */
  async save(): Promise<boolean> {
    const draft = this.draft;
    if (!draft || !this.changed(draft.id)) return true;
    let at = 0;
    this.saving = true;
    const done = await this.#write((saved) => {
      const found = saved.findIndex((item) => item.id === draft.id);
      // One that is new, or was removed elsewhere meanwhile, comes last.
      const isNew = found < 0;
      at = isNew ? saved.length : found;
      return saved.toSpliced(at, isNew ? 0 : 1, isNew ? { ...draft, id: '' } : draft);
    });
    this.saving = false;
    if (!done) return false;
    const id = this.saved[at]?.id ?? draft.id;
    // What was typed while it was being saved is not saved yet.
    const typed = this.#drafts.get(draft.id);
    this.#drafts.delete(draft.id);
    if (typed && typed !== draft) this.#drafts.set(id, { ...typed, id });
    if (this.selected === draft.id) this.select(id);
    return true;
  }

  /** Forgets what was typed of the open item. */
  discard(): void {
    if (this.selected === null) return;
    this.#drafts.delete(this.selected);
    if (!this.saved.some((item) => item.id === this.selected)) this.selected = this.saved[0]?.id ?? null;
    this.#check();
  }

  async toggle(id: string): Promise<void> {
    const draft = this.#drafts.get(id);
    if (draft) this.#drafts.set(id, { ...draft, on: !draft.on });
    if (id.startsWith(NEW)) return;
    await this.#write((saved) => saved.map((item) => (item.id === id ? { ...item, on: !item.on } : item)));
  }

  /** Moves an item up (-1) or down (1). */
  async move(id: string, by: -1 | 1): Promise<void> {
    await this.#write((saved) => {
      const at = saved.findIndex((item) => item.id === id);
      const item = saved[at];
      const to = at + by;
      if (!item || to < 0 || to >= saved.length) return null;
      return saved.filter((one) => one.id !== id).toSpliced(to, 0, item);
    });
  }

  async remove(id: string): Promise<void> {
    const open = this.selected === id;
    this.#drafts.delete(id);
    let at = this.saved.findIndex((item) => item.id === id);
    let item: T | undefined;
    const done = await this.#write((saved) => {
      at = saved.findIndex((one) => one.id === id);
      item = saved[at];
      return item ? saved.toSpliced(at, 1) : null;
    });
    if (item && done) this.removed = { item, at };
    if (open && !this.saved.some((one) => one.id === id)) {
      this.selected = (this.saved[at] ?? this.saved.at(-1))?.id ?? null;
    }
    this.#check();
  }

  /** Brings back what was removed last, in its place. */
  async undo(): Promise<void> {
    const removed = this.removed;
    if (!removed) return;
    if (!(await this.#write((saved) => saved.toSpliced(removed.at, 0, removed.item)))) return;
    this.removed = null;
    this.select(removed.item.id);
  }

  /** Writes wait for one another: each is made of what the one before it left, so that none undoes another. */
  #write(make: (saved: readonly T[]) => readonly T[] | null): Promise<boolean> {
    const done = this.#writing.then(() =>
      this.#attempt(async () => {
        const list = make(this.saved);
        if (list !== null) this.#show(await this.#source.write(list));
      }),
    );
    this.#writing = done;
    return done;
  }

  #show(list: readonly T[]): void {
    this.saved = list;
    this.loaded = true;
    if (this.draft === null) this.selected = list[0]?.id ?? null;
  }

  async #attempt(what: () => Promise<void>): Promise<boolean> {
    try {
      await what();
      this.error = null;
      return true;
    } catch (error) {
      this.error = asCommandError(error);
      return false;
    }
  }

  #check(): void {
    clearTimeout(this.#typing);
    const asked = ++this.#asked;
    const draft = this.draft;
    if (!draft) {
      this.fault = null;
      return;
    }
    this.#source.check(draft).then(
      (fault) => {
        if (asked === this.#asked) this.fault = fault;
      },
      (error: unknown) => {
        if (asked === this.#asked) this.error = asCommandError(error);
      },
    );
  }
}
