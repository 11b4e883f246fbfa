/** From the presses of keys to actions. */
import { chord, type KeyPress } from '../keys';
import { ACTIONS, acts } from './table';
import type { Action, Context } from './action';

/** Where the focus is, as far as keys care. */
export interface Place {
  /** In a text control. */
  typing: boolean;
  /** On the list or on nothing. */
  list: boolean;
  /** In a menu or a dialog, which have keys of their own. */
  above: boolean;
}

/** The place of an element. */
export function placeOf(target: EventTarget | null): Place {
  if (!(target instanceof Element)) return { typing: false, list: true, above: false };
  const typing = target.closest('textarea, select, [contenteditable]:not([contenteditable="false"]), [role="textbox"]');
  // The editor's shadow root: out of it a key press seems to come from the element that holds it.
  const editor = target.closest('[data-typing]');
  const input = target.closest('input');
  const textInput = input && !['button', 'checkbox', 'file', 'radio', 'range', 'submit'].includes(input.type);
  return {
    typing: Boolean(typing ?? editor ?? textInput),
    list: target === document.body || target.closest('[data-list]') !== null,
    above: target.closest('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null,
  };
}

/** Reads presses and finds actions. Remembers the first key of a sequence such as `g d`. */
export class Keys {
  #first: string | null = null;

  /** The action for a press at a place, or none. `pending` presses are the beginnings of sequences. */
  find(press: KeyPress, place: Place, context: Context): Action | 'pending' | null {
    // A modifier on its way to the next key ends no sequence.
    if (['Shift', 'Control', 'Alt', 'Meta'].includes(press.key)) return null;
    const key = chord(press);
    const sequence = this.#first === null ? null : `${this.#first} ${key}`;
    this.#first = null;
    const fits = (action: Action): boolean =>
      (!place.typing || action.whileTyping === true) &&
      (!place.above || action.whileTyping === true) &&
      (!action.onList || place.list || /^[a-z]$/.test(key)) &&
      acts(action, context);
    const byKeys = (keys: string): Action | undefined =>
      ACTIONS.find((action) => action.keys.includes(keys) && fits(action));
    const found = (sequence === null ? undefined : byKeys(sequence)) ?? byKeys(key);
    if (found) return found;
    if (!place.typing && !place.above && ACTIONS.some((action) => action.keys.some((k) => k.startsWith(`${key} `)))) {
      this.#first = key;
      return 'pending';
    }
    return null;
  }
}
