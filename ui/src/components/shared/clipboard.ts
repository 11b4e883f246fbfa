/** Where copied texts go. The window hands in the shell's clipboard when it starts, so that this folder needs no host. */
let write: (text: string) => Promise<void> = () => Promise.reject(new Error('No clipboard was handed in.'));

/** Says where copied texts go. */
export function setClipboard(to: (text: string) => Promise<void>): void {
  write = to;
}

/** Puts a text on the clipboard. */
export function copyText(text: string): Promise<void> {
  return write(text);
}
