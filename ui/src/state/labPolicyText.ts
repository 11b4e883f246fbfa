/** A retry policy as a person types it, and back. Pure. */
import type { RetryDelays, RetryPolicy, RetryPolicyFault, RetryRedirects } from '../bindings';

export interface TypedPolicy {
  attempts: string;
  delaysKind: RetryDelays['kind'];
  /** `10 s, 32 min, 2 h`. */
  delays: string;
  first: string;
  factor: string;
  /** Empty: none. */
  cap: string;
  /** In percent. */
  jitter: string;
  timeout: string;
  success: string;
  /** `410, 404`; empty: none. */
  stopOn: string;
  stopName: string;
  stopValue: string;
  throttle: boolean;
  throttleOn: string;
  throttleCap: string;
  redirects: RetryRedirects;
  signAnew: boolean;
  /** `Name: value`, one a line. */
  headers: string;
  announce: boolean;
}

const UNITS: Record<string, number> = {
  ms: 0.001,
  s: 1,
  sec: 1,
  m: 60,
  min: 60,
  h: 3600,
  d: 86_400,
  day: 86_400,
  days: 86_400,
};

/** `90`, `1.5 s`, `32 min`, `1 h 30 min`, `2 days` in seconds; null where it is none. */
export function seconds(text: string): number | null {
  const trimmed = text.trim().toLowerCase();
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed);
  if (!/^(\d+(\.\d+)?\s*[a-z]+\s*)+$/.test(trimmed)) return null;
  let sum = 0;
  for (const [, count, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)) {
    const length = UNITS[unit ?? ''];
    if (length === undefined) return null;
    sum += Number(count) * length;
  }
  return Math.round(sum * 1000) / 1000;
}

/** Seconds in the largest unit in which they are whole: `90 s`, `32 min`, `2 days`. */
export function typedSeconds(value: number): string {
  if (value >= 86_400 && value % 86_400 === 0) return `${String(value / 86_400)} d`;
  if (value >= 3600 && value % 3600 === 0) return `${String(value / 3600)} h`;
  if (value > 120 && value % 60 === 0) return `${String(value / 60)} min`;
  return `${String(value)} s`;
}

const statuses = (text: string): number[] | null => {
  const parts = text.split(/[,\s]+/).filter((part) => part !== '');
  return parts.every((part) => /^\d{3}$/.test(part)) ? parts.map(Number) : null;
};

export function typedOf(policy: RetryPolicy): TypedPolicy {
  const { delays, stop_header: stop, throttle } = policy;
  return {
    attempts: String(policy.attempts),
    delaysKind: delays.kind,
    delays: delays.kind === 'list' ? delays.seconds.map(typedSeconds).join(', ') : '',
    first: delays.kind === 'exponential' ? typedSeconds(delays.first_s) : '',
    factor: delays.kind === 'exponential' ? String(delays.factor) : '2',
    cap: delays.kind === 'exponential' && delays.cap_s !== null ? typedSeconds(delays.cap_s) : '',
    jitter: String(Math.round(policy.jitter * 10_000) / 100),
    timeout: typedSeconds(policy.timeout_s),
    success: policy.success,
    stopOn: policy.stop_on.join(', '),
    stopName: stop?.name ?? '',
    stopValue: stop?.value ?? '',
    throttle: throttle !== null,
    throttleOn: throttle?.on.join(', ') ?? '429, 503',
    throttleCap: typedSeconds(throttle?.cap_s ?? 3600),
    redirects: policy.redirects,
    signAnew: policy.sign_anew,
    headers: policy.headers.map(([name, value]) => `${name}: ${value}`).join('\n'),
    announce: policy.announce?.on ?? false,
  };
}

const SPAN = 'A time such as 90 s, 32 min or 2 h.';
const STATUSES = 'Statuses such as 410, 404.';

/** The policy, or what cannot be read of it. `own` has the announcing event's type, which is not typed. */
export function readPolicy(
  typed: TypedPolicy,
  own: RetryPolicy,
): { policy: RetryPolicy | null; faults: RetryPolicyFault[] } {
  const faults: RetryPolicyFault[] = [];
  const take = <T>(field: string, value: T | null, sentence: string): T | null => {
    if (value === null) faults.push({ field, sentence });
    return value;
  };
  const number = (text: string): number | null =>
    text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : null;
  const whole = (value: number | null): number | null => (value !== null && Number.isInteger(value) ? value : null);

  const attempts = take('attempts', whole(number(typed.attempts)), 'A whole number, the first attempt included.');
  const delays = take('delays', readDelays(typed), SPAN);
  const jitter = take('jitter', number(typed.jitter), 'A number of percent, 0 to 100.');
  const timeout = take('timeout', whole(seconds(typed.timeout)), 'A time in whole seconds, such as 10 s.');
  const stopOn = take('stop_on', statuses(typed.stopOn), STATUSES);
  const throttleOn = typed.throttle ? take('throttle', statuses(typed.throttleOn), STATUSES) : [];
  const throttleCap = typed.throttle ? take('throttle', whole(seconds(typed.throttleCap)), SPAN) : 0;
  const headers = take('headers', readHeaders(typed.headers), 'One header a line, as Name: value.');
  if (
    attempts === null ||
    delays === null ||
    jitter === null ||
    timeout === null ||
    stopOn === null ||
    throttleOn === null ||
    throttleCap === null ||
    headers === null
  ) {
    return { policy: null, faults };
  }
  const stopName = typed.stopName.trim();
  const policy: RetryPolicy = {
    attempts,
    delays,
    jitter: jitter / 100,
    timeout_s: timeout,
    success: typed.success.trim(),
    stop_on: stopOn,
    stop_header: stopName === '' ? null : { name: stopName, value: typed.stopValue.trim() },
    throttle: typed.throttle ? { on: throttleOn, cap_s: throttleCap } : null,
    redirects: typed.redirects,
    sign_anew: typed.signAnew,
    headers,
    announce: own.announce === null ? null : { ...own.announce, on: typed.announce },
  };
  return { policy, faults };
}

function readDelays(typed: TypedPolicy): RetryDelays | null {
  if (typed.delaysKind === 'list') {
    const parts = typed.delays.split(',').filter((part) => part.trim() !== '');
    // `10, 30, 90 s`: the unit at the end is that of all.
    const unit = /[a-z]+\s*$/i.exec(parts.at(-1) ?? '')?.[0] ?? '';
    const shared = parts.slice(0, -1).every((part) => /^[\s\d.]+$/.test(part));
    const read = parts.map((part) => seconds(shared && /^[\s\d.]+$/.test(part) ? `${part} ${unit || 's'}` : part));
    return read.some((one) => one === null) ? null : { kind: 'list', seconds: read.filter((one) => one !== null) };
  }
  const first = seconds(typed.first);
  const factor = typed.factor.trim() === '' ? Number.NaN : Number(typed.factor);
  const cap = typed.cap.trim() === '' ? null : seconds(typed.cap);
  if (first === null || !Number.isFinite(factor) || (typed.cap.trim() !== '' && cap === null)) return null;
  return { kind: 'exponential', first_s: first, factor, cap_s: cap };
}

function readHeaders(text: string): [string, string][] | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const read = lines.map((line): [string, string] | null => {
    const at = line.indexOf(':');
    return at > 0 ? [line.slice(0, at).trim(), line.slice(at + 1).trim()] : null;
  });
  return read.some((one) => one === null) ? null : read.filter((one) => one !== null);
}
