/** Code as lines, for showing: which ones a topic is about, and which are comments alone. Pure. */

export interface CodeLine {
  text: string;
  /** The topic is about it. */
  marked: boolean;
  /** It is nothing but a comment. */
  comment: boolean;
}

/** The lines of a code; `marked` gives ranges from 1, first and last. */
export function codeLines(
  code: string,
  marked: readonly (readonly [number, number])[],
  language: string,
): readonly CodeLine[] {
  const comment = language.startsWith('python') || language === 'ruby' ? /^\s*#/ : /^\s*(\/\/|#|\/\*|\*)/;
  return code
    .replace(/\n+$/, '')
    .split('\n')
    .map((text, at) => ({
      text,
      marked: marked.some(([first, last]) => at + 1 >= first && at + 1 <= last),
      // Rust's attributes begin with a # too.
      comment: comment.test(text) && !/^\s*#!?\[/.test(text),
    }));
}
