/** Cuts a text before its first differing character; counted in characters, as the engine counts. Pure. */
export function splitAt(text: string, at: number | null): [string, string] {
  if (at === null) return [text, ''];
  const characters = Array.from(text);
  return [characters.slice(0, at).join(''), characters.slice(at).join('')];
}
