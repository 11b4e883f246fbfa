/** The ids in a pasted text: one a line or separated by commas or white space; empty ones and repeats fall away. */
export function readIds(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((id) => id !== ''))];
}
