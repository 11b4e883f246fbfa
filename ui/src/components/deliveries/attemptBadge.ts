/** What an attempt's badge says. Pure. */
import type { AttemptInfo } from '../../bindings';
import type { BadgeTone } from '../shared';

export function attemptBadge(attempt: AttemptInfo): { tone: BadgeTone; words: string } {
  if (attempt.state === 'answered' && attempt.status !== null) {
    // What is right or wrong about it is not its number alone: a refusal may be due.
    if (attempt.as_expected !== null)
      return { tone: attempt.as_expected ? 'pass' : 'fail', words: String(attempt.status) };
    const tone = attempt.status < 300 ? 'pass' : attempt.status < 400 ? 'warn' : 'fail';
    return { tone, words: String(attempt.status) };
  }
  if (attempt.state === 'waiting') return { tone: 'grey', words: 'waiting' };
  return attempt.state === 'dropped' ? { tone: 'warn', words: 'not sent' } : { tone: 'fail', words: 'no answer' };
}
