/** Reads `application/x-www-form-urlencoded` bodies: order and duplicates kept, damage said instead of mended. */

/** One field. */
export interface FormField {
  name: string;
  value: string;
  /** What is odd about it, in one sentence; null where nothing is. */
  problem: string | null;
}

/** The fields in order. `+` is a space; `%xx` are bytes of UTF-8. */
export function readForm(text: string): FormField[] {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      const name = decode(equals < 0 ? pair : pair.slice(0, equals));
      const value = decode(equals < 0 ? '' : pair.slice(equals + 1));
      return {
        name: name.text,
        value: value.text,
        problem: name.problem ?? value.problem ?? (equals < 0 ? 'There is no equals sign.' : null),
      };
    });
}

function decode(raw: string): { text: string; problem: string | null } {
  const spaced = raw.replaceAll('+', ' ');
  if (!spaced.includes('%')) return { text: spaced, problem: null };
  const bytes: number[] = [];
  let problem: string | null = null;
  const encoder = new TextEncoder();
  for (let i = 0; i < spaced.length;) {
    const escape = /^%([0-9a-fA-F]{2})/.exec(spaced.slice(i, i + 3))?.[1];
    if (escape !== undefined) {
      bytes.push(parseInt(escape, 16));
      i += 3;
      continue;
    }
    if (spaced.charAt(i) === '%') problem = 'A % is not followed by two hexadecimal digits.';
    const character = String.fromCodePoint(spaced.codePointAt(i) ?? 0);
    bytes.push(...encoder.encode(character));
    i += character.length;
  }
  const all = Uint8Array.from(bytes);
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(all), problem };
  } catch {
    return {
      text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(all),
      problem: 'The escaped bytes are not UTF-8.',
    };
  }
}
