/** What became of an item of a batch, for its row. Pure. */
import type { BatchItem } from '../../bindings';
import type { BadgeSign, BadgeTone } from '../shared';

export interface Outcome {
  tone: BadgeTone;
  sign?: BadgeSign;
  words: string;
  /** Why; empty where the words say all. */
  why: string;
}

/** The outcome of an item; `running` tells one that waits from one that will not leave any more. */
export function itemOutcome(item: BatchItem, running: boolean): Outcome {
  if (item.problem !== null) return { tone: 'warn', sign: 'warn', words: 'not sent', why: item.problem };
  const attempt = item.attempt;
  if (!attempt) return { tone: 'grey', words: running ? 'waiting' : 'not sent', why: '' };
  const url = `${attempt.method} ${attempt.url}`;
  if (attempt.status === null) {
    return { tone: 'fail', sign: 'fail', words: 'no answer', why: attempt.error ?? url };
  }
  const accepted = attempt.status >= 200 && attempt.status < 300;
  return {
    tone: accepted ? 'pass' : 'fail',
    sign: accepted ? 'pass' : 'fail',
    words: String(attempt.status),
    why: url,
  };
}
