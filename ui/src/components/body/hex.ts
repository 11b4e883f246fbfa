/** A body as rows of 16 bytes. Strings are made for the rows on screen only. */

/** Bytes in a row. */
export const PER_ROW = 16;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** How many rows there are. */
export function rowCount(length: number): number {
  return Math.ceil(length / PER_ROW);
}

/** The offset of a row: eight hexadecimal digits. */
export function offsetText(row: number): string {
  return (row * PER_ROW).toString(16).padStart(8, '0');
}

/** Where byte `n` of a row starts in its `hexText`: a space between bytes, one more in the middle. */
export function hexColumn(n: number): number {
  return n * 3 + (n >= PER_ROW / 2 ? 1 : 0);
}

/** A row's bytes: `7b 22 …`. */
export function hexText(bytes: Uint8Array, row: number): string {
  const from = row * PER_ROW;
  const to = Math.min(from + PER_ROW, bytes.length);
  let text = '';
  for (let i = from; i < to; i += 1) {
    if (i > from) text += i - from === PER_ROW / 2 ? '  ' : ' ';
    text += HEX[bytes[i] ?? 0] ?? '';
  }
  return text;
}

/** A row as ASCII; what does not print is a dot. */
export function asciiText(bytes: Uint8Array, row: number): string {
  const from = row * PER_ROW;
  const to = Math.min(from + PER_ROW, bytes.length);
  let text = '';
  for (let i = from; i < to; i += 1) {
    const byte = bytes[i] ?? 0;
    text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.';
  }
  return text;
}

/** All bytes as hexadecimal digits, for the clipboard. */
export function hexOf(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (const byte of bytes) parts.push(HEX[byte] ?? '');
  return parts.join('');
}

/** A byte in words: `0x7b · 123 · {`. */
export function byteWords(byte: number): string {
  const sign = byte > 0x20 && byte < 0x7f ? ` · ${String.fromCharCode(byte)}` : '';
  return `0x${HEX[byte] ?? ''} · ${String(byte)}${sign}`;
}

/** An offset as typed: `1024`, `0x400` or `400h`; null where it is none or beyond the end. */
export function parseOffset(text: string, length: number): number | null {
  const trimmed = text.trim();
  const hex = /^0x([0-9a-f]{1,8})$/i.exec(trimmed)?.[1] ?? /^([0-9a-f]{1,8})h$/i.exec(trimmed)?.[1];
  const offset = hex === undefined ? (/^[0-9]{1,10}$/.test(trimmed) ? Number(trimmed) : -1) : parseInt(hex, 16);
  return offset >= 0 && offset < length ? offset : null;
}

/** Where a key moves the cursor to; null where the key is not one of the view's. */
export function moveCursor(
  cursor: number,
  key: string,
  ctrl: boolean,
  length: number,
  pageRows: number,
): number | null {
  const inRow = cursor % PER_ROW;
  const last = Math.max(length - 1, 0);
  const to = ((): number | null => {
    switch (key) {
      case 'ArrowRight':
        return cursor + 1;
      case 'ArrowLeft':
        return cursor - 1;
      case 'ArrowDown':
        return cursor + PER_ROW > last ? cursor : cursor + PER_ROW;
      case 'ArrowUp':
        return cursor < PER_ROW ? cursor : cursor - PER_ROW;
      case 'PageDown':
        return cursor + PER_ROW * pageRows;
      case 'PageUp':
        return cursor < PER_ROW * pageRows ? inRow : cursor - PER_ROW * pageRows;
      case 'Home':
        return ctrl ? 0 : cursor - inRow;
      case 'End':
        return ctrl ? last : cursor - inRow + PER_ROW - 1;
      default:
        return null;
    }
  })();
  return to === null ? null : Math.min(Math.max(to, 0), last);
}
