/** Where the terms and the fault of a filter stand in what is typed now. Pure; positions are Unicode scalar values. */
import type { FilterTerm, TextPosition } from '../../bindings';

export interface MarkedRun {
  text: string;
  kind: 'plain' | 'term' | 'negated' | 'fault';
}

/**
 * Cuts the text into runs. Terms belong to an earlier text: those that still stand at their place keep their chip, so
 * that nothing flickers while one types on.
 */
export function markedRuns(text: string, terms: readonly FilterTerm[], fault: TextPosition | null): MarkedRun[] {
  const characters = Array.from(text);
  const kinds: MarkedRun['kind'][] = characters.map(() => 'plain');
  for (const term of terms) {
    if (term.key === null) continue;
    if (characters.slice(term.start, term.start + term.len).join('') !== term.text) continue;
    kinds.fill(term.negated ? 'negated' : 'term', term.start, term.start + term.len);
  }
  if (fault) kinds.fill('fault', fault.start, fault.start + fault.len);
  const runs: MarkedRun[] = [];
  characters.forEach((character, at) => {
    const kind = kinds[at] ?? 'plain';
    const last = runs.at(-1);
    if (last?.kind === kind) last.text += character;
    else runs.push({ text: character, kind });
  });
  // Beyond the end (an open quote, say): there is nothing to underline but the place.
  if (fault && fault.start >= characters.length) runs.push({ text: ' ', kind: 'fault' });
  return runs;
}
