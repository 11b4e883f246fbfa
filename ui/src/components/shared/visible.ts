/**
 * Makes what would be invisible visible: control characters, bidirectional marks, zero-width characters.
 *
 * Everything shown was sent by a stranger. A right-to-left override can make `exe.gpj` read as a picture's name, and a
 * NUL or an escape is nothing on the screen; each becomes a mark such as `‹U+202E›` in a span of its own. Line feeds
 * and tabs are text where lines are shown, and marks where one line is.
 */

/** A run of plain text, or one character that would not be seen. */
export interface VisiblePart {
  text: string;
  /** A mark such as `‹U+202E›` in place of a character; absent for plain text. */
  mark?: true;
  /** What the character is, for the title of a mark. */
  name?: string;
}

const NAMES: Record<number, string> = {
  0x00: 'NUL',
  0x07: 'bell',
  0x08: 'backspace',
  0x09: 'tab',
  0x0a: 'line feed',
  0x0d: 'carriage return',
  0x1b: 'escape',
  0x7f: 'delete',
  0xad: 'soft hyphen',
  0x61c: 'Arabic letter mark',
  0x180e: 'Mongolian vowel separator',
  0x200b: 'zero-width space',
  0x200c: 'zero-width non-joiner',
  0x200d: 'zero-width joiner',
  0x200e: 'left-to-right mark',
  0x200f: 'right-to-left mark',
  0x2028: 'line separator',
  0x2029: 'paragraph separator',
  0x202a: 'left-to-right embedding',
  0x202b: 'right-to-left embedding',
  0x202c: 'pop directional formatting',
  0x202d: 'left-to-right override',
  0x202e: 'right-to-left override',
  0x2060: 'word joiner',
  0x2066: 'left-to-right isolate',
  0x2067: 'right-to-left isolate',
  0x2068: 'first strong isolate',
  0x2069: 'pop directional isolate',
  0xfeff: 'byte order mark',
  0xfffd: 'bytes that are not UTF-8',
};

const INVISIBLE_CLASS =
  '\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}';
// A carriage return before a line feed is an ordinary line end where lines are shown; alone it is a mark.
const IN_LINES = new RegExp(`[${INVISIBLE_CLASS}]|\\r(?!\\n)`, 'gu');
const ON_ONE_LINE = new RegExp(`[${INVISIBLE_CLASS}\\t\\n\\r]`, 'gu');

/** The mark for a character: `‹U+202E›`. */
export function markFor(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`;
}

/** Cuts a text into plain runs and marks. With `lines`, line ends and tabs stay text. */
export function visibleParts(text: string, lines = false): VisiblePart[] {
  const parts: VisiblePart[] = [];
  let from = 0;
  for (const found of text.matchAll(lines ? IN_LINES : ON_ONE_LINE)) {
    if (found.index > from) parts.push({ text: text.slice(from, found.index) });
    const code = found[0].codePointAt(0) ?? 0;
    parts.push({ text: markFor(found[0]), mark: true, name: NAMES[code] ?? 'control character' });
    from = found.index + found[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}

/** The same as one plain string, for titles and names, where spans cannot be. */
export function visibleString(text: string): string {
  return text.replace(ON_ONE_LINE, markFor);
}
