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
    const isNew = draft.id.startsWith(NEW);
    const at = isNew ? this.saved.length : this.saved.findIndex((item) => item.id === draft.id);
    const list = [...this.saved];
    list.splice(at, isNew ? 0 : 1, isNew ? { ...draft, id: '' } : draft);
    this.saving = true;
    const done = await this.#write(list);
    this.saving = false;
    if (!done) return false;
    this.#drafts.delete(draft.id);
    this.select(this.saved[at]?.id ?? draft.id);
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
    await this.#write(this.saved.map((item) => (item.id === id ? { ...item, on: !item.on } : item)));
  }

  /** Moves an item up (-1) or down (1). */
  async move(id: string, by: -1 | 1): Promise<void> {
    const at = this.saved.findIndex((item) => item.id === id);
    const item = this.saved[at];
    const to = at + by;
    if (!item || to < 0 || to >= this.saved.length) return;
    const list = this.saved.filter((one) => one.id !== id);
    list.splice(to, 0, item);
    await this.#write(list);
  }

  async remove(id: string): Promise<void> {
    const open = this.selected === id;
    this.#drafts.delete(id);
    const at = this.saved.findIndex((item) => item.id === id);
    const item = this.saved[at];
    if (item && (await this.#write(this.saved.filter((one) => one.id !== id)))) this.removed = { item, at };
    if (open && (item === undefined || this.saved[at] !== item)) {
      this.selected = (this.saved[at] ?? this.saved.at(-1))?.id ?? null;
    }
    this.#check();
  }

  /** Brings back what was removed last, in its place. */
  async undo(): Promise<void> {
    const removed = this.removed;
    if (!removed) return;
    const list = [...this.saved];
    list.splice(removed.at, 0, removed.item);
    if (!(await this.#write(list))) return;
    this.removed = null;
    this.select(removed.item.id);
  }

  async #write(list: readonly T[]): Promise<boolean> {
    return this.#attempt(async () => this.#show(await this.#source.write(list)));
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
