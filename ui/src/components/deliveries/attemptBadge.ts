/** What an attempt's badge says. Pure. */
import type { AttemptInfo } from '../../bindings';
import type { BadgeTone } from '../shared';

export function attemptBadge(attempt: AttemptInfo): { tone: BadgeTone; words: string } {
  if (attempt.state === 'answered' && attempt.status !== null) {
    const tone = attempt.status < 300 ? 'pass' : attempt.status < 400 ? 'warn' : 'fail';
    return { tone, words: String(attempt.status) };
  }
  if (attempt.state === 'waiting') return { tone: 'grey', words: 'waiting' };
  return attempt.state === 'dropped' ? { tone: 'warn', words: 'not sent' } : { tone: 'fail', words: 'no answer' };
}
