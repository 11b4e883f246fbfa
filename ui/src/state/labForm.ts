/** What is chosen in the retry lab, as typed, and what the engine takes of it. Pure. */
import type {
  LabEndpoint,
  LabExperiment,
  LabFault,
  LabFaultKind,
  LabProbe,
  LabRequest,
  LabSpeed,
  LabTimestamps,
  NamedValue,
  RetryPolicy,
} from '../bindings';
import { filled } from './namedValues';

/** The delivery that is tried, as far as the form shows it. */
export interface LabDelivery {
  id: string;
  /** Its event type, or method and path. */
  title: string;
  /** When it was received: RFC 3339. */
  at: string | null;
  provider: string | null;
  /** The event's own id. */
  event: string | null;
}

export interface LabForm {
  /** Where the event comes from; `kept`: what a repeated run was of, and neither of the two. */
  from: 'delivery' | 'event' | 'kept';
  delivery: LabDelivery | null;
  eventType: string;
  kept: LabRequest['source'] | null;
  provider: string;
  /** A policy for the next run alone. */
  policy: RetryPolicy | null;
  to: 'url' | 'practice';
  url: string;
  anyCertificate: boolean;
  forgetful: boolean;
  speed: LabSpeed['kind'];
  times: string;
  timestamps: LabTimestamps;
  signing: 'sign' | 'keep';
  /** The name of a secret; empty: the first one. */
  secret: string;
  seed: string;
  down: boolean;
  downCount: string;
  downHow: 'status' | 'refused' | 'closed';
  downStatus: string;
  slow: boolean;
  slowSeconds: string;
  /** Numbers of attempts, `1, 3`; empty: every one. */
  slowOn: string;
  lose: boolean;
  loseOn: string;
  also: readonly LabExperiment[];
  /** Empty: the one after it in the catalogue. */
  nextEvent: string;
  probe: 'none' | LabProbe['kind'];
  probeText: string;
  /** JSON pointers, one a line. */
  ignore: string;
}

/** The fields of the form that can be wrong. */
export type LabField = keyof LabForm;

/** All that can be tried beside the schedule, in the engine's order. */
export const EXPERIMENTS: readonly LabExperiment[] = ['lost_ack', 'at_once', 'out_of_order', 'late'];

export function newForm(change: Partial<LabForm> = {}): LabForm {
  return {
    from: 'delivery',
    delivery: null,
    eventType: '',
    kept: null,
    provider: '',
    policy: null,
    to: 'url',
    url: '',
    anyCertificate: false,
    forgetful: false,
    speed: 'faster',
    times: '60',
    timestamps: 'now',
    signing: 'sign',
    secret: '',
    seed: '1',
    down: false,
    downCount: '2',
    downHow: 'status',
    downStatus: '503',
    slow: false,
    slowSeconds: '5',
    slowOn: '',
    lose: false,
    loseOn: '1',
    also: ['lost_ack', 'at_once'],
    nextEvent: '',
    probe: 'none',
    probeText: '',
    ignore: '',
    ...change,
  };
}

function within(text: string, least: number, most: number, whole: boolean): number | null {
  const value = text.trim() === '' ? Number.NaN : Number(text.trim().replaceAll(/[\s_,](?=\d{3}\b)/g, ''));
  return value >= least && value <= most && (!whole || Number.isInteger(value)) ? value : null;
}

/** `1, 3` or `1-4` as numbers; null where it is none. Empty: none, which stands for every one. */
export function attemptNumbers(text: string): number[] | null {
  const parts = text.split(/[,;\s]+/).filter((part) => part !== '');
  const numbers: number[] = [];
  for (const part of parts) {
    const found = /^(\d{1,3})(?:[-–](\d{1,3}))?$/.exec(part);
    if (!found) return null;
    const from = Number(found[1]);
    const to = found[2] === undefined ? from : Number(found[2]);
    if (from < 1 || to > 100 || to < from) return null;
    for (let at = from; at <= to; at += 1) numbers.push(at);
  }
  return [...new Set(numbers)].sort((a, b) => a - b);
}

const lines = (text: string): string[] =>
  text
    .split(/[\n,]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

const ON = 'Numbers of attempts from 1 to 100, such as 1, 3 or 2-4; empty for every one.';

/** What is wrong with what was typed, by field. The engine says what is wrong with the rest. */
export function errorsOf(form: LabForm): Partial<Record<LabField, string>> {
  const errors: Partial<Record<LabField, string>> = {};
  const number = (field: LabField, text: string, least: number, most: number, whole: boolean): void => {
    if (within(text, least, most, whole) !== null) return;
    const limits = `${least.toLocaleString('en-US')} to ${most.toLocaleString('en-US')}`;
    errors[field] = `${whole ? 'A whole number' : 'A number'} from ${limits}.`;
  };
  if (form.speed === 'faster') number('times', form.times, 1, 1_000_000, false);
  number('seed', form.seed, 0, 4_294_967_295, true);
  if (form.down) {
    number('downCount', form.downCount, 1, 100, true);
    if (form.downHow === 'status') number('downStatus', form.downStatus, 400, 599, true);
  }
  if (form.slow) {
    number('slowSeconds', form.slowSeconds, 0.001, 600, false);
    if (attemptNumbers(form.slowOn) === null) errors.slowOn = ON;
  }
  if (form.lose && attemptNumbers(form.loseOn) === null) errors.loseOn = ON;
  if (form.probe !== 'none' && form.probeText.trim() === '') {
    errors.probeText =
      form.probe === 'url' ? 'The address that answers the state.' : 'The program that prints the state.';
  }
  const pointer = lines(form.ignore).find((line) => !line.startsWith('/'));
  if (pointer !== undefined) errors.ignore = `“${pointer}” does not begin with /: a field is written as /data/id.`;
  return errors;
}

/** Why the run cannot be started yet, beside what is wrong with single fields; none where it can. */
export function missing(form: LabForm): string | null {
  if (form.from === 'delivery' && form.delivery === null)
    return 'Choose a captured delivery, or an event of the catalogue.';
  if (form.from === 'event' && form.eventType === '') return 'Choose an event of the catalogue.';
  if (form.provider === '') return 'Choose whose schedule is rehearsed.';
  if (form.to === 'url' && form.url.trim() === '') return 'Say where your endpoint is, or take the practice endpoint.';
  return null;
}

function faultsOf(form: LabForm): LabFault[] {
  const faults: LabFault[] = [];
  if (form.down) {
    const kind: LabFaultKind =
      form.downHow === 'status' ? { kind: 'status', status: Number(form.downStatus) } : { kind: form.downHow };
    faults.push({ kind, attempts: Array.from({ length: Number(form.downCount) }, (_, at) => at + 1) });
  }
  if (form.slow) {
    const ms = Math.round(Number(form.slowSeconds) * 1000);
    faults.push({ kind: { kind: 'slow', ms }, attempts: attemptNumbers(form.slowOn) ?? [] });
  }
  if (form.lose) faults.push({ kind: { kind: 'lose_ack' }, attempts: attemptNumbers(form.loseOn) ?? [] });
  return faults;
}

function sourceOf(form: LabForm): LabRequest['source'] | null {
  if (form.from === 'kept') return form.kept;
  if (form.from === 'delivery') return form.delivery === null ? null : { kind: 'delivery', id: form.delivery.id };
  if (form.eventType === '') return null;
  return { kind: 'event', provider: form.provider, event_type: form.eventType, values: {}, fresh: true };
}

/** The request, with the named values filled in; none while something is wrong or missing. The schedule can be drawn without an endpoint. */
export function requestOf(
  form: LabForm,
  what: 'run' | 'plan' = 'run',
  values: readonly NamedValue[] = [],
): LabRequest | null {
  const source = sourceOf(form);
  if (source === null || form.provider === '' || Object.keys(errorsOf(form)).length > 0) return null;
  if (what === 'run' && missing(form) !== null) return null;
  const url = filled(form.url.trim(), values);
  const endpoint: LabEndpoint =
    form.to === 'practice' || url === ''
      ? { kind: 'practice', forgetful: form.forgetful }
      : { kind: 'url', url, any_certificate: form.anyCertificate && !/^http:/i.test(url) };
  const speed: LabSpeed =
    form.speed === 'faster'
      ? { kind: 'faster', times: within(form.times, 1, 1_000_000, false) ?? 1 }
      : { kind: form.speed };
  const probeText = form.probeText.trim();
  const probe: LabProbe | null =
    form.probe === 'none'
      ? null
      : form.probe === 'url'
        ? { kind: 'url', url: filled(probeText, values) }
        : { kind: 'command', command: probeText };
  return {
    provider: form.provider,
    policy: form.policy,
    source,
    endpoint,
    speed,
    timestamps: form.timestamps,
    signing:
      form.signing === 'keep' ? { kind: 'keep' } : { kind: 'sign', secret: form.secret === '' ? null : form.secret },
    seed: Number(form.seed),
    faults: faultsOf(form),
    also: EXPERIMENTS.filter((one) => form.also.includes(one)),
    next_event: form.nextEvent === '' ? null : form.nextEvent,
    probe,
    ignore: lines(form.ignore),
  };
}

const joined = (numbers: readonly number[]): string => numbers.join(', ');

/** The form that a request was made of; `title` names its event. What the form cannot show of its faults is left out. */
export function formOf(request: LabRequest, title: string): LabForm {
  const { source, endpoint, speed, signing, probe } = request;
  const down = request.faults.find(({ kind }) => ['status', 'refused', 'closed'].includes(kind.kind));
  const slow = request.faults.find(({ kind }) => kind.kind === 'slow');
  const lose = request.faults.find(({ kind }) => kind.kind === 'lose_ack');
  const base = newForm();
  return newForm({
    provider: request.provider,
    policy: request.policy,
    ...(source.kind === 'delivery'
      ? { from: 'delivery', delivery: { id: source.id, title, at: null, provider: request.provider, event: null } }
      : source.kind === 'event' && source.provider === request.provider && Object.keys(source.values).length === 0
        ? { from: 'event', eventType: source.event_type }
        : { from: 'kept', kept: source }),
    ...(endpoint.kind === 'url'
      ? { to: 'url', url: endpoint.url, anyCertificate: endpoint.any_certificate }
      : { to: 'practice', forgetful: endpoint.forgetful }),
    speed: speed.kind,
    times: speed.kind === 'faster' ? String(speed.times) : base.times,
    timestamps: request.timestamps,
    signing: signing.kind,
    secret: signing.kind === 'sign' ? (signing.secret ?? '') : '',
    seed: String(request.seed),
    ...(down
      ? {
          down: true,
          downCount: String(down.attempts.length || 100),
          downHow: down.kind.kind as LabForm['downHow'],
          downStatus: down.kind.kind === 'status' ? String(down.kind.status) : base.downStatus,
        }
      : {}),
    ...(slow?.kind.kind === 'slow'
      ? { slow: true, slowSeconds: String(slow.kind.ms / 1000), slowOn: joined(slow.attempts) }
      : {}),
    ...(lose ? { lose: true, loseOn: joined(lose.attempts) } : {}),
    also: request.also,
    nextEvent: request.next_event ?? '',
    probe: probe?.kind ?? 'none',
    probeText: probe === null ? '' : probe.kind === 'url' ? probe.url : probe.command,
    ignore: request.ignore.join('\n'),
  });
}

/** What stands in front of the endpoint, for the line that opens it; empty: nothing. */
export function faultWords(form: LabForm): string {
  const parts: string[] = [];
  if (form.down) parts.push(`down for the first ${form.downCount}`);
  if (form.slow) parts.push(`slow by ${form.slowSeconds} s`);
  if (form.lose) parts.push('loses the answer');
  return parts.join(', ');
}
