/** A batch in words, and what was typed for one as a request. Pure. */
import type { BatchPace, BatchState } from '../bindings';
import { grouped } from './format';

/** What is chosen in the dialog, as typed. */
export interface BatchForm {
  /** Empty: each to where it was sent last, or to where a route sends it. */
  to: string;
  pace: BatchPace['kind'];
  atOnce: string;
  perSecond: string;
  speed: string;
  signAnew: boolean;
  /** Seconds. */
  timeout: string;
  anyCertificate: boolean;
}

/** The number that each kind of pace takes: its field, its limits (the engine's own) and what it counts. */
const NUMBERS = {
  fast: { field: 'atOnce', least: 1, most: 100, whole: true },
  rate: { field: 'perSecond', least: 0.01, most: 1000, whole: false },
  recorded: { field: 'speed', least: 0.01, most: 100_000, whole: false },
} as const;
/** The engine's own limits of a timeout, in seconds. */
const TIMEOUT = { least: 0.01, most: 600, whole: false };

function numberOf(text: string, limits: { least: number; most: number; whole: boolean }): number | null {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  const fits = value >= limits.least && value <= limits.most && (!limits.whole || Number.isInteger(value));
  return fits ? value : null;
}

const between = (limits: { least: number; most: number; whole: boolean }): string =>
  `${limits.whole ? 'A whole number' : 'A number'} from ${grouped(limits.least)} to ${grouped(limits.most)}.`;

/** What is wrong with the pace's number; none where nothing is. */
export function paceError(form: BatchForm): string | null {
  const limits = NUMBERS[form.pace];
  return numberOf(form[limits.field], limits) === null ? between(limits) : null;
}

/** What is wrong with the timeout; none where nothing is. */
export function timeoutError(form: BatchForm): string | null {
  return numberOf(form.timeout, TIMEOUT) === null ? between(TIMEOUT) : null;
}

/** The pace as chosen; none while its number is wrong. */
export function paceOf(form: BatchForm): BatchPace | null {
  const limits = NUMBERS[form.pace];
  const value = numberOf(form[limits.field], limits);
  if (value === null) return null;
  if (form.pace === 'fast') return { kind: 'fast', at_once: value };
  return form.pace === 'rate' ? { kind: 'rate', per_second: value } : { kind: 'recorded', speed: value };
}

/** The timeout in milliseconds; none while it is wrong. */
export function timeoutOf(form: BatchForm): number | null {
  const seconds = numberOf(form.timeout, TIMEOUT);
  return seconds === null ? null : Math.round(seconds * 1000);
}

/** `under a second`, `20 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`: the two largest units. */
export function span(seconds: number): string {
  if (seconds < 1) return 'under a second';
  const whole = Math.round(seconds);
  const units = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ] as const;
  const first = Math.max(
    0,
    units.findIndex(([, length]) => whole >= length),
  );
  const parts = units.slice(first, first + 2).map(([unit, length], at) => {
    const left = at === 0 ? whole : whole % (units[first]?.[1] ?? 1);
    return [Math.floor(left / length), unit] as const;
  });
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${grouped(count)} ${unit}`)
    .join(' ');
}

/** How long until the last one leaves, in seconds; none where the endpoint decides or the gaps are not known. */
export function lasting(count: number, pace: BatchPace, recordedSeconds: number | null): number | null {
  if (pace.kind === 'rate') return Math.max(0, count - 1) / pace.per_second;
  return pace.kind === 'recorded' && recordedSeconds !== null ? recordedSeconds / pace.speed : null;
}

/** What will happen: `1,000 deliveries, oldest first, 20 at once, to http://… .` */
export function planWords(count: number, form: BatchForm, recordedSeconds: number | null): string {
  const pace = paceOf(form);
  if (pace === null) return '';
  const how =
    pace.kind === 'fast'
      ? pace.at_once === 1
        ? 'one after the other'
        : `${pace.at_once} at once`
      : pace.kind === 'rate'
        ? `${grouped(pace.per_second)} a second`
        : `with the gaps in which they were captured${pace.speed === 1 ? '' : `, ${grouped(pace.speed)} times as fast`}`;
  const one = count === 1;
  const what = one ? '1 delivery' : `${grouped(count)} deliveries, oldest first, ${how}`;
  const to =
    form.to.trim() === ''
      ? `${one ? '' : 'each '}to where it was sent last, or where a route sends it`
      : `to ${form.to.trim()}`;
  const sign = form.signAnew ? `signed anew for the present` : `${one ? 'it leaves' : 'they leave'} as captured`;
  const seconds = one ? null : lasting(count, pace, recordedSeconds);
  const time = seconds === null ? '' : ` The last one leaves after ${span(seconds)}.`;
  return `${what}, ${to}; ${sign}.${time}`;
}

/** The filter of a time range, in the filter's own words. */
export function rangeFilter(since: string, until: string, within: string): string {
  // `2026-11-20 14:00` is what people write; the language has a T there.
  const time = (text: string): string => text.trim().replace(/\s+/g, 'T');
  const terms = [since.trim() && `since:${time(since)}`, until.trim() && `before:${time(until)}`, within.trim()];
  return terms.filter((term) => term !== '').join(' ');
}

/** What of a batch was not accepted: refused, without an answer or not sent. */
export function notAccepted(state: BatchState): number {
  return state.total - state.accepted;
}

/** How a batch stands, in one sentence. */
export function stateWords(state: BatchState): string {
  const of = `${grouped(state.done)} of ${grouped(state.total)}`;
  if (state.running) return state.paused ? `Held at ${of}` : `Resending: ${of}`;
  if (state.cancelled) return `Cancelled: ${of} ${state.done === 1 ? 'was' : 'were'} sent`;
  if (state.accepted === state.total)
    return state.total === 1 ? 'It was accepted' : `All ${grouped(state.total)} were accepted`;
  return `${grouped(state.accepted)} of ${grouped(state.total)} ${state.accepted === 1 ? 'was' : 'were'} accepted`;
}

/** The end of a batch for a live region. */
export function endWords(state: BatchState): string {
  const parts = [
    state.cancelled ? `${grouped(state.accepted)} accepted` : '',
    state.refused > 0 ? `${grouped(state.refused)} refused` : '',
    state.failed > 0 ? `${grouped(state.failed)} without an answer` : '',
  ].filter((part) => part !== '');
  const rest = parts.length === 0 ? '' : `${state.cancelled ? ';' : ':'} ${parts.join(', ')}`;
  return `${stateWords(state)}${rest}.`;
}
