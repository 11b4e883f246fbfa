/** Bytes as somebody hands them in: hexadecimal digits, base64, a file. Pure. */

/** Reads digits with any white space, `0x`, colons or commas between them. Answers the bytes or a sentence. */
export function fromHex(text: string): Uint8Array<ArrayBuffer> | string {
  const digits = text.replace(/0x|[\s:,]/gi, '');
  const wrong = /[^0-9a-f]/i.exec(digits)?.[0];
  if (wrong !== undefined) return `“${wrong}” is no hexadecimal digit.`;
  if (digits.length % 2 === 1) return 'There is an odd number of digits: every byte has two.';
  const bytes = new Uint8Array(digits.length / 2);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = parseInt(digits.slice(at * 2, at * 2 + 2), 16);
  return bytes;
}

/** Reads base64, of the URL kind too, with or without its padding. Answers the bytes or a sentence. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | string {
  const plain = text.replace(/\s/g, '').replace(/-/g, '+').replace(/_/g, '/').replace(/=+$/, '');
  const wrong = /[^0-9a-z+/]/i.exec(plain)?.[0];
  if (wrong !== undefined) return `“${wrong}” does not stand in base64.`;
  if (plain.length % 4 === 1) return 'This is cut short: base64 has no such length.';
  return Uint8Array.from(atob(plain), (character) => character.charCodeAt(0));
}

/** Bytes as base64. */
export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  // Arguments of one call are limited, a string's pieces are not.
  for (let at = 0; at < bytes.length; at += 0x8000) {
    parts.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)));
  }
  return btoa(parts.join(''));
}
