/** Keys: how they are written in the table of actions, matched and shown. Pure but for asking which system it is. */

/** The parts of a keyboard event that matter. */
export interface KeyPress {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

export const isMac = typeof navigator !== 'undefined' && /Mac/.test(navigator.userAgent);

/**
 * A press as the table writes it: `j`, `?`, `Mod+k`, `ArrowDown`, `Shift+Delete`. Mod is ⌘ on a Mac and Ctrl elsewhere.
 * Letters count by what they type; where that is not a Latin letter (a Cyrillic layout), by their place.
 */
export function chord(press: KeyPress, mac = isMac): string {
  const letter = /^Key([A-Z])$/.exec(press.code)?.[1]?.toLowerCase();
  const latin = /^[\x20-\x7e]$/.test(press.key);
  const key = press.key.length === 1 ? (latin || !letter ? press.key.toLowerCase() : letter) : press.key;
  const mod = mac ? press.metaKey : press.ctrlKey;
  const other = mac ? press.ctrlKey : press.metaKey;
  // A sign such as ? already contains its Shift.
  const shift = press.shiftKey && (key.length > 1 || /[a-z0-9]/.test(key));
  return [other ? 'Other+' : '', mod ? 'Mod+' : '', press.altKey ? 'Alt+' : '', shift ? 'Shift+' : '', key].join('');
}

const SHOWN: Record<string, string> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowRight: '→',
  ArrowLeft: '←',
  Delete: 'Del',
  Escape: 'Esc',
  Enter: '↵',
  Backspace: '⌫',
};

/** How a key of the table is shown: `⌘K` on a Mac, `Ctrl K` elsewhere; a sequence as `G D`. */
export function keyLabel(key: string, mac = isMac): string {
  return key
    .split(' ')
    .map((one) => {
      // The key + itself stands behind the last sign of joining.
      const last = /\+\+$/.test(one) ? '+' : (one.split('+').at(-1) ?? '');
      const parts = one.slice(0, -last.length).split('+').filter(Boolean);
      const shown = SHOWN[last] ?? (last.length === 1 ? last.toUpperCase() : last);
      const mods = parts.map((part) => (part === 'Mod' ? (mac ? '⌘' : 'Ctrl ') : part === 'Shift' ? '⇧' : `${part} `));
      return mods.join('') + shown;
    })
    .join(' ');
}
