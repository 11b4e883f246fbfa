/** The retry lab in words and looks. Pure. */
import type {
  LabAttempt,
  LabCountdown,
  LabExperiment,
  LabFindingKind,
  LabPlan,
  LabPolicy,
  LabSpeed,
  LabState,
  LabWeight,
  RetryBasis,
  RetryRow,
  RunState,
} from '../bindings';

type Tone = 'pass' | 'fail' | 'warn' | 'grey' | 'dashed' | 'accent';
type Sign = 'pass' | 'fail' | 'warn';
export interface Look {
  tone: Tone;
  sign?: Sign;
  words: string;
  title?: string;
}

/** Milliseconds of a schedule as a person says them, by core's own rule (`core/src/retry/words.rs`), seconds to a tenth. */
export function span(ms: number): string {
  if (ms > 0 && ms < 1000) return `${String(Math.round(ms))} ms`;
  if (ms < 60_000) return `${String(Math.round(ms / 100) / 10)} s`;
  const s = Math.floor(ms / 1000);
  if (ms % 60_000 !== 0 && s <= 180) return `${String(Math.round(ms / 100) / 10)} s`;
  const [days, hours, minutes, seconds] = [
    Math.floor(s / 86_400),
    Math.floor(s / 3600) % 24,
    Math.floor(s / 60) % 60,
    s % 60,
  ];
  const parts: [number, string][] =
    s < 3600
      ? [
          [minutes, 'min'],
          [seconds, 's'],
        ]
      : s < 86_400
        ? [
            [hours, 'h'],
            [minutes, 'min'],
          ]
        : [
            [days, days === 1 ? 'day' : 'days'],
            [hours, 'h'],
          ];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${String(count)} ${unit}`)
    .join(' ');
}

/** After the first attempt: `+0 s`, `+10.1 s`, `+32 min`. Below a second: what a person still sees of it. */
export function offset(ms: number): string {
  return ms < 50 ? '+0 s' : ms < 1000 ? `+${String(Math.round(ms / 100) / 10)} s` : `+${span(ms)}`;
}

/** What stands until something happens: `2:04:09`, `1:09`, `9.4 s`. */
export function countdownWords(ms: number): string {
  const left = Math.max(0, ms);
  if (left < 10_000) return `${(Math.ceil(left / 100) / 10).toFixed(1)} s`;
  const s = Math.ceil(left / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes, seconds] = [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60];
  if (hours > 0) return `${String(hours)}:${two(minutes)}:${two(seconds)}`;
  return minutes > 0 ? `${String(minutes)}:${two(seconds)}` : `${String(s)} s`;
}

const BASES: Record<RetryBasis, Look> = {
  documented: { tone: 'pass', sign: 'pass', words: 'documented', title: 'It stands in the provider’s document.' },
  assumed: {
    tone: 'warn',
    sign: 'warn',
    words: 'assumed',
    title: 'The document does not say it: Countersign assumes it until you set it.',
  },
  not_documented: {
    tone: 'dashed',
    words: 'not documented',
    title: 'The document does not say it; this is what is done then.',
  },
  edited: { tone: 'accent', words: 'edited', title: 'You set it.' },
};

export function basisLook(basis: RetryBasis): Look {
  return BASES[basis];
}

/** The rows of a policy that matter at a glance, by who says so: what is documented first. */
export function atAGlance(policy: LabPolicy): { basis: RetryBasis; words: string }[] {
  const always = ['attempts', 'delays', 'timeout', 'success'];
  const shown = policy.rows.filter((row) => always.includes(row.field) || row.basis === 'edited');
  const order: RetryBasis[] = ['documented', 'edited', 'assumed', 'not_documented'];
  return order.flatMap((basis) => {
    const words = shown.filter((row) => row.basis === basis).map(glance);
    return words.length === 0 ? [] : [{ basis, words: words.join(' · ') }];
  });
}

function glance(row: RetryRow): string {
  if (row.field === 'timeout') return `timeout ${row.value}`;
  if (row.field === 'success') return `success is ${row.value}`;
  return ['attempts', 'delays'].includes(row.field) ? row.value : `${row.label} ${row.value}`;
}

/** A policy's line in the choice: `FirebirdGen — 10, 30, 90 s`. */
export function policyLabel(policy: LabPolicy): string {
  return `${policy.name} — ${policy.intervals}${policy.edited ? ' (edited)' : ''}`;
}

/** `60×`, `1,000×`. */
export function speedWords(speed: LabSpeed): string {
  if (speed.kind === 'real') return 'in real time';
  return speed.kind === 'none' ? 'without waiting' : `at ${speed.times.toLocaleString('en-US')}×`;
}

/** What a schedule comes to: `72 h in 6 attempts`, and what that takes here. */
export function planWords(plan: LabPlan, speed: LabSpeed): { headline: string; takes: string } {
  const count = plan.attempts.length;
  const headline = count === 1 ? 'One attempt, no retry' : `${plan.total} in ${String(count)} attempts`;
  const takes =
    count === 1
      ? ''
      : speed.kind === 'none'
        ? 'sent one after another, without waiting'
        : speed.kind === 'real'
          ? `${plan.waiting} of waiting, as in life`
          : `${plan.waiting} of waiting ${speedWords(speed)}`;
  return { headline, takes };
}

export const EXPERIMENT_WORDS: Record<LabExperiment, { label: string; about: string }> = {
  lost_ack: {
    label: 'lost acknowledgement → duplicate',
    about: 'The endpoint works, its answer is lost, the same event comes again.',
  },
  at_once: { label: 'two attempts at once', about: 'The same event twice at the same time.' },
  out_of_order: { label: 'out of order with the next event', about: 'The next event first, then this one.' },
  late: { label: 'a late retry after success', about: 'The same event again after it was delivered.' },
};

const KINDS: Record<LabFindingKind, string> = {
  ran_twice: 'ran twice',
  may_have_run_twice: 'may have run twice',
  same_unchanged: 'answered the same, state unchanged',
  unchanged: 'state unchanged',
  recognised: 'recognised',
  same_thing: 'names the same thing',
  cannot_tell: 'cannot tell',
  refused: 'the second was refused',
  not_tried: 'not tried',
};

/** What was found, in a few words. */
export function kindWords(kind: LabFindingKind): string {
  return KINDS[kind];
}

/** The badge of a finding. */
export function weightLook(weight: LabWeight, words: string): Look {
  if (weight === 'good') return { tone: 'pass', sign: 'pass', words };
  return weight === 'bad' ? { tone: 'fail', sign: 'fail', words } : { tone: 'warn', sign: 'warn', words };
}

/** The badge of an attempt. */
export function attemptLook(attempt: LabAttempt): Look {
  if (attempt.came === 'sending') return { tone: 'accent', words: 'sending…' };
  if (attempt.came === 'cut') return { tone: 'grey', words: 'cut off' };
  const lost =
    attempt.lost_status === null
      ? {}
      : { title: `The endpoint answered ${String(attempt.lost_status)}; that was lost on purpose.` };
  // What announces a retry decides nothing: it is neither good nor bad.
  if (attempt.announces) return { tone: 'grey', words: attempt.label };
  return { tone: attempt.good ? 'pass' : 'fail', sign: attempt.good ? 'pass' : 'fail', words: attempt.label, ...lost };
}

/** The key of an attempt in its run: what announces a retry and what is tried beside the schedule have numbers of their own. */
export function attemptKey(attempt: Pick<LabAttempt, 'number' | 'announces' | 'experiment'>): string {
  return `${attempt.experiment ?? (attempt.announces ? 'announce' : 'attempt')}-${String(attempt.number)}`;
}

const STATES: Record<RunState, Look> = {
  running: { tone: 'accent', words: 'goes on' },
  finished: { tone: 'grey', words: 'finished' },
  cancelled: { tone: 'grey', words: 'cancelled' },
  interrupted: {
    tone: 'warn',
    sign: 'warn',
    words: 'interrupted',
    title: 'Its program ended in the middle of it. What was sent is kept; the rest can be sent now.',
  },
  failed: { tone: 'fail', sign: 'fail', words: 'failed' },
};

export function runLook(state: RunState): Look {
  return STATES[state];
}

export function isRunning(state: LabState): boolean {
  return state.run.state === 'running';
}

/** How far the schedule's clock is, `left` real milliseconds before the next attempt. */
export function scheduleNow(countdown: LabCountdown, left: number, speed: LabSpeed): number {
  const times = speed.kind === 'faster' ? speed.times : 1;
  const before = speed.kind === 'none' ? 0 : Math.min(countdown.wait_ms, Math.max(0, left) * times);
  return countdown.offset_ms - before;
}

/** A line of the table: what was sent, or what is still planned. */
export interface LabRow {
  key: string;
  number: number;
  plannedMs: number;
  /** When it was sent, or is due as far as that is known: attempts take time. */
  at: number;
  attempt: LabAttempt | null;
  /** What goes wrong on purpose, in words. */
  fault: string | null;
  announces: boolean;
  /** In place of the decision, where it was not sent. */
  words: string;
}

/** The rows of a run: every planned attempt has its place from the beginning, so that nothing moves. */
export function rowsOf(state: LabState): LabRow[] {
  const rows: LabRow[] = state.attempts.map((attempt) => ({
    key: attemptKey(attempt),
    number: attempt.number,
    plannedMs: attempt.planned_ms,
    at: attempt.sent_ms,
    attempt,
    fault: attempt.fault,
    announces: attempt.announces,
    words: attempt.why,
  }));
  const sent = new Set(state.attempts.filter((one) => !one.announces).map((one) => one.number));
  const running = isRunning(state);
  for (const planned of state.plan.attempts) {
    if (sent.has(planned.attempt)) continue;
    const next = running && state.countdown?.attempt === planned.attempt;
    rows.push({
      key: attemptKey({ number: planned.attempt, announces: false, experiment: null }),
      number: planned.attempt,
      plannedMs: planned.offset_ms,
      at: next && state.countdown ? state.countdown.offset_ms : planned.offset_ms + drift(state),
      attempt: null,
      fault: planned.fault,
      announces: false,
      words:
        running && state.delivered === null
          ? next
            ? 'next'
            : 'planned'
          : state.delivered === true
            ? 'not needed'
            : 'not sent',
    });
  }
  return rows;
}

/** By how much what comes is later than planned: attempts take time. */
export function drift(state: LabState): number {
  const { countdown, plan } = state;
  const planned = plan.attempts.find((one) => one.attempt === countdown?.attempt);
  if (countdown !== null && planned) return Math.max(0, countdown.offset_ms - planned.offset_ms);
  const last = state.attempts.findLast((one) => !one.announces);
  const own = plan.attempts.find((one) => one.attempt === last?.number);
  return last && own ? Math.max(0, last.sent_ms - own.offset_ms) : 0;
}
