/** What happened around a delivery, and what of it can be compared. Pure. */
import type { AttemptInfo, AttemptKind, CompareSide, DeliveryDetail } from '../bindings';
import { preciseClock } from './format';
import { compareIds } from './rows';

/** One line of a delivery's history. */
export type HistoryEntry = { key: string; at: string; side: CompareSide } & (
  | { kind: 'this'; id: string }
  | { kind: 'other'; id: string; sameBody: boolean; earlier: boolean }
  | { kind: 'attempt'; attempt: AttemptInfo }
);

/** The delivery itself, other deliveries of its event and all attempts, newest first. */
export function timeline(detail: DeliveryDetail): HistoryEntry[] {
  const { summary } = detail;
  const delivery = (id: string): CompareSide => ({ kind: 'delivery', id });
  const entries: HistoryEntry[] = [
    { key: `d${summary.id}`, at: summary.received_at, side: delivery(summary.id), kind: 'this', id: summary.id },
    ...detail.same_event.map((other): HistoryEntry => ({
      key: `d${other.id}`,
      at: other.received_at,
      side: delivery(other.id),
      kind: 'other',
      id: other.id,
      sameBody: other.same_body,
      earlier: compareIds(other.id, summary.id) < 0,
    })),
    ...detail.attempts.map((attempt): HistoryEntry => ({
      key: `a${attempt.id}`,
      at: attempt.started_at,
      side: { kind: 'attempt', id: attempt.id },
      kind: 'attempt',
      attempt,
    })),
  ];
  // The times are RFC 3339 in UTC with as many digits each: they sort as text. What came of a delivery stands above it.
  const rank = (entry: HistoryEntry): number => (entry.kind === 'attempt' ? 1 : 0);
  return entries.sort(
    (x, y) => (x.at < y.at ? 1 : x.at > y.at ? -1 : rank(y) - rank(x)) || compareIds(y.side.id, x.side.id),
  );
}

const KINDS: Record<AttemptKind, string> = {
  forward: 'Forwarded',
  resend: 'Resent as captured',
  draft: 'Edited and sent',
  batch: 'Resent with others',
  confirmation: 'Handshake confirmed',
  lab: 'Retry lab',
  check: 'Endpoint check',
};

/** Why an attempt was made and how it was signed: `Edited and sent, signed with “main”`. */
export function attemptWords(attempt: AttemptInfo): string {
  return attempt.signing === null ? KINDS[attempt.kind] : `${KINDS[attempt.kind]}, ${attempt.signing}`;
}

/** Whether the endpoint answered as a right one does: words and whether it did; none where that cannot be said. */
export function expectedWords(attempt: AttemptInfo): { good: boolean; words: string } | null {
  if (attempt.as_expected === null) return null;
  if (attempt.as_expected) return { good: true, words: 'as it should' };
  if (attempt.status === null) return { good: false, words: 'not as it should' };
  return { good: false, words: attempt.status < 300 ? 'accepted, and should not be' : 'refused, and should not be' };
}

/** Something that can be chosen as a side. */
export interface Choice {
  key: string;
  side: CompareSide;
  label: string;
  group: string;
}

/** The same side has the same key. */
export function sideKey(side: CompareSide): string {
  return `${side.kind} ${side.id}`;
}

/** What of a delivery can be compared: itself, its answer, its attempts and their answers, the same of its event. */
export function choicesOf(detail: DeliveryDetail, now: Date): Choice[] {
  const { summary } = detail;
  const choice = (side: CompareSide, label: string, group: string): Choice => ({
    key: sideKey(side),
    side,
    label,
    group,
  });
  const of = (id: string, at: string, group: string): Choice[] => [
    choice({ kind: 'delivery', id }, `Delivery ${id}, ${preciseClock(at, now)}`, group),
    choice({ kind: 'delivery_answer', id }, `Answer to delivery ${id}`, group),
  ];
  // Nobody answered what came out of a file.
  const imported = (name: string, group: string): Choice =>
    choice(
      { kind: 'delivery', id: summary.id },
      `Delivery ${summary.id}, imported from ${name}, ${preciseClock(summary.received_at, now)}`,
      group,
    );
  const own = `Delivery ${summary.id}`;
  return [
    ...(summary.origin ? [imported(summary.origin.name, own)] : of(summary.id, summary.received_at, own)),
    ...detail.attempts.flatMap((attempt) => [
      choice(
        { kind: 'attempt', id: attempt.id },
        `Attempt ${attempt.id}, ${preciseClock(attempt.started_at, now)}: ${attemptWords(attempt)}`,
        own,
      ),
      ...(attempt.state === 'answered'
        ? [
            choice(
              { kind: 'attempt_answer', id: attempt.id },
              `Answer to attempt ${attempt.id}: ${String(attempt.status ?? '')}`,
              own,
            ),
          ]
        : []),
    ]),
    ...detail.same_event.flatMap((other) => of(other.id, other.received_at, 'The same event')),
  ];
}

/** All of several, each once, in the order in which they come. */
export function joinChoices(lists: readonly (readonly Choice[])[]): Choice[] {
  const seen = new Map<string, Choice>();
  // The longer list of a delivery comes with its own group: it wins over being one of the same event.
  const ownFirst = (list: readonly Choice[]) => list.filter((one) => one.group !== 'The same event');
  for (const list of lists) for (const one of ownFirst(list)) seen.set(one.key, one);
  for (const list of lists) for (const one of list) if (!seen.has(one.key)) seen.set(one.key, one);
  return [...seen.values()];
}

/** The older of two first, as people read changes; equal kinds by id. */
export function inOrder(x: HistoryEntry, y: HistoryEntry): [CompareSide, CompareSide] {
  return x.at < y.at || (x.at === y.at && x.kind !== 'attempt') ? [x.side, y.side] : [y.side, x.side];
}
