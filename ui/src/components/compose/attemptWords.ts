/** What an attempt says in a few words. Pure. */
import type { AttemptDetail, AttemptInfo, AttemptKind } from '../../bindings';
import { duration } from '../../state/format';
import type { BadgeSign, BadgeTone } from '../shared';

export interface AttemptLook {
  tone: BadgeTone;
  sign?: BadgeSign;
  words: string;
  /** Whether that is as a right endpoint does: `as it should`, `accepted!`, `refused!`. */
  judged: { words: string; good: boolean } | null;
}

/** The badge of an attempt and what it means for the signature. */
export function lookOf(attempt: AttemptInfo, words?: string): AttemptLook {
  const { state, status, as_expected: expected } = attempt;
  if (state === 'waiting') return { tone: 'grey', words: 'waiting', judged: null };
  if (state === 'dropped') return { tone: 'warn', sign: 'warn', words: 'not sent', judged: null };
  if (status === null) return { tone: 'fail', sign: 'fail', words: 'no answer', judged: null };
  const said = words ?? String(status);
  const accepted = status < 300;
  if (expected === null) return { tone: accepted ? 'pass' : status < 400 ? 'warn' : 'fail', words: said, judged: null };
  if (!expected) {
    return { tone: 'fail', words: said, judged: { words: accepted ? 'accepted!' : 'refused!', good: false } };
  }
  return { tone: 'pass', words: said, judged: accepted ? null : { words: 'as it should', good: true } };
}

const KINDS: Record<AttemptKind, string> = {
  forward: 'forwarded',
  resend: 'resent as it came',
  draft: 'signature kept',
  batch: 'resent with others',
  confirmation: 'handshake confirmed',
  lab: 'sent by the retry lab',
  check: 'sent by the endpoint check',
};

/** How it was signed; where nothing was done, why it was sent. */
export function signingWords(attempt: AttemptInfo): string {
  return attempt.signing ?? KINDS[attempt.kind];
}

/** The status with the reason that the endpoint gave: `200 OK`. */
export function statusWords({ info, reply_head: head }: AttemptDetail): string {
  const reason = head === null ? null : /^HTTP\/\S+ \d{3} ([^\r\n]{1,40})/.exec(head.text)?.[1];
  return reason == null ? String(info.status ?? '') : `${String(info.status ?? '')} ${reason}`;
}

export interface Phase {
  name: 'connect' | 'TLS' | 'waiting' | 'reading';
  /** For a person. */
  took: string;
  /** Where it begins and how long it is, in percent of the whole. */
  from: number;
  width: number;
}

/** What took how long, one after the other; the last phase that was reached ends where all of it did. */
export function phasesOf(attempt: AttemptInfo): Phase[] {
  const { connected_us, tls_us, first_byte_us, total_us } = attempt;
  if (total_us === null) return [];
  const all = Math.max(total_us, 1);
  const ends: [Phase['name'], number | null][] = [
    ['connect', connected_us],
    ['TLS', tls_us],
    ['waiting', first_byte_us],
    ['reading', first_byte_us === null ? null : total_us],
  ];
  if (connected_us === null) ends[0] = ['connect', total_us];
  else if (first_byte_us === null) ends[2] = ['waiting', total_us];
  let before = 0;
  return ends.flatMap(([name, end]) => {
    if (end === null) return [];
    const from = before;
    before = Math.max(end, before);
    return [{ name, took: duration(before - from), from: (from / all) * 100, width: ((before - from) / all) * 100 }];
  });
}
