import { beforeEach, expect, it } from 'vitest';
import type { CommandError, Commands, EngineEvent, LabPolicy, LabState } from '../bindings';
import type { Host } from './host';
import { Lab } from './lab.svelte';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const policies = ['firebirdgen', 'pollo'].map(
  (provider) => ({ provider, name: provider, rows: [] }) as unknown as LabPolicy,
);
const state = (change: Partial<LabState> = {}, run: Partial<LabState['run']> = {}): LabState =>
  ({
    run: { id: '9', state: 'running', started_at: '', ...run },
    request: null,
    attempts: [],
    tried: [],
    findings: [],
    plan: { attempts: [] },
    headline: 'Attempt 1',
    paused: false,
    real_ms: 0,
    ...change,
  }) as unknown as LabState;
const told = (one: LabState): EngineEvent => ({ type: 'lab', ...one });
const attempt = (number: number, came: 'sending' | 'answered') =>
  ({
    number,
    came,
    announces: false,
    experiment: null,
    id: String(number),
    label: '500',
    why: 'not exactly 200 → retry in 10 s',
  }) as LabState['attempts'][number];

let asked: [string, unknown][];
let answers: Partial<Record<keyof Commands, (args: never) => unknown>>;
let said: string[];
let reported: CommandError[];
let saved: [string, string][];
let lab: Lab;

beforeEach(() => {
  [asked, said, reported, saved] = [[], [], [], []];
  answers = {
    lab_policies: () => policies,
    runs_page: () => ({ runs: [], next: null }),
    named_values: () => [],
    lab_plan: () => ({ attempts: [], requests: 1, warnings: [] }),
  };
  const call = async (name: keyof Commands, args: never): Promise<unknown> => {
    asked.push([name, args]);
    return answers[name]?.(args) ?? null;
  };
  const host: Host = { call: call as unknown as Host['call'], onEvents: async () => () => undefined };
  lab = new Lab(host, {
    report: (error) => reported.push(error),
    say: (words) => said.push(words),
    told: () => undefined,
    save: async (name, text) => {
      saved.push([name, text]);
      return `/home/me/${name}`;
    },
    now: () => 5,
  });
});

const count = (name: string) => asked.filter(([one]) => one === name).length;

it('begins with the selected delivery, its provider and the address used last, and draws that', async () => {
  answers.runs_page = () => ({ runs: [{ id: '1', endpoint: 'http://localhost:3000/hook' }], next: null });
  const row = { id: '7', event_type: 'done', provider: 'pollo', received_at: '' };
  await lab.open(row as never, { id: '8', provider: 'firebirdgen' } as never, 'http://fallback/');
  expect([lab.form.delivery?.id, lab.form.provider, lab.form.url]).toEqual([
    '7',
    'pollo',
    'http://localhost:3000/hook',
  ]);
  expect(lab.plan).not.toBeNull();
  expect([lab.missing, lab.canStart, count('lab_start')]).toEqual([null, true, 0]);
});

it('takes the newest delivery of a known provider where the selected one has none, and the catalogue where none has', async () => {
  await lab.open({ id: '7', provider: null } as never, { id: '8', provider: 'pollo' } as never, null);
  expect(lab.form.delivery?.id).toBe('8');
  const other = { id: '9', title: 'x', at: null, provider: null, event: null };
  lab.take(other);
  expect([lab.form.delivery, lab.form.provider]).toEqual([other, 'pollo']);
});

it('keeps what was chosen when the page is opened again', async () => {
  await lab.open(null, null, null);
  expect([lab.form.from, lab.form.provider]).toEqual(['event', 'firebirdgen']);
  lab.change({ eventType: 'success', url: 'http://mine/' });
  await lab.open({ id: '7', provider: 'pollo' } as never, null, 'http://fallback/');
  expect([lab.form.from, lab.form.eventType, lab.form.url]).toEqual(['event', 'success', 'http://mine/']);
});

it('shows no plan of an earlier choice, however late it comes', async () => {
  await lab.open(null, null, null);
  const late: ((plan: unknown) => void)[] = [];
  answers.lab_plan = () => new Promise((resolve) => late.push(resolve));
  lab.change({ eventType: 'success' });
  await turn();
  lab.change({ speed: 'none' });
  late[0]?.({ attempts: [], total: 'old' });
  await turn();
  expect([lab.plan?.total, lab.planOld]).toEqual([undefined, true]);
  late[1]?.({ attempts: [], total: 'new' });
  await turn();
  expect([lab.plan?.total, lab.planOld, late.length]).toEqual(['new', false, 2]);
});

it('cannot be started while the engine refuses the plan, and says why', async () => {
  await lab.open(null, null, 'http://mine/');
  answers.lab_plan = () => {
    throw { code: 'bad_input', message: 'That address is the listener’s own.', detail: null } satisfies CommandError;
  };
  lab.change({ eventType: 'success' });
  await turn();
  expect([lab.planError?.message, lab.canStart]).toEqual(['That address is the listener’s own.', false]);
  await lab.start();
  expect(count('lab_start')).toBe(0);
});

it('shows the run that it started as its events come, and says each attempt once', async () => {
  await lab.open(null, null, 'http://mine/');
  lab.change({ eventType: 'success' });
  await turn();
  answers.lab_start = () => state();
  answers.lab = () => state({ attempts: [attempt(1, 'sending')] });
  await lab.start();
  await turn();
  expect([lab.shown, lab.running, lab.toldAt]).toEqual(['run', true, 5]);
  lab.onEvents([told(state({ attempts: [attempt(1, 'answered')] }))]);
  lab.onEvents([told(state({ attempts: [attempt(1, 'answered'), attempt(2, 'sending')] }))]);
  lab.onEvents([told(state({}, { id: '10' }))]);
  expect(said).toEqual(['Attempt 1: 500. not exactly 200 → retry in 10 s']);
  expect(lab.run?.attempts.length).toBe(2);
  lab.onEvents([told(state({ headline: 'Delivered on attempt 2 of 4' }, { state: 'finished' }))]);
  expect([said.at(-1), lab.running]).toEqual(['Delivered on attempt 2 of 4', false]);
});

it('ends a short run at once, and a long one after a question', async () => {
  answers.lab = () => state();
  await lab.look('9');
  await lab.cancel();
  expect(count('run_cancel')).toBe(1);
  answers.lab = () => state({ real_ms: 60_000 });
  await lab.look('9');
  await lab.cancel();
  expect([count('run_cancel'), lab.cancelling]).toEqual([1, true]);
  await lab.cancel(true);
  expect([count('run_cancel'), lab.cancelling]).toEqual([2, false]);
});

it('repeats a run as it was and shows it in the form', async () => {
  await lab.open(null, null, null);
  const request = {
    provider: 'pollo',
    policy: null,
    source: { kind: 'delivery', id: '3' },
    endpoint: { kind: 'url', url: 'http://there/', any_certificate: false },
    speed: { kind: 'none' },
    timestamps: 'now',
    signing: { kind: 'sign', secret: null },
    seed: 4,
    faults: [],
    also: [],
    next_event: null,
    probe: null,
    ignore: [],
  };
  answers.lab = () => state({ request: request as never, event: 'done' }, { id: '2', state: 'finished' });
  answers.lab_start = () => state({}, { id: '3' });
  await lab.repeat('2');
  expect(asked.find(([name]) => name === 'lab_start')?.[1]).toEqual({ request });
  expect([lab.form.url, lab.form.seed, lab.form.delivery?.title, lab.shown]).toEqual([
    'http://there/',
    '4',
    'done',
    'run',
  ]);
});

it('keeps the form and says why where a run does not start', async () => {
  await lab.open(null, null, 'http://mine/');
  lab.change({ eventType: 'success' });
  await turn();
  answers.lab_start = () => {
    throw { code: 'failed', message: 'No.', detail: null } satisfies CommandError;
  };
  await lab.start();
  expect([lab.startError?.message, lab.shown, lab.starting, lab.run]).toEqual(['No.', 'plan', false, null]);
});

it('saves what the engine exports under the engine’s name', async () => {
  answers.lab = () => state({}, { state: 'finished' });
  answers.lab_export = (args: { format: string }) => ({ name: `run.${args.format}`, text: 'all' });
  await lab.look('9');
  await lab.export('svg');
  expect(saved).toEqual([['run.svg', 'all']]);
});

it('reads the attempt that is looked at, and no other', async () => {
  answers.lab = () => state({ attempts: [attempt(1, 'answered'), attempt(2, 'answered')] }, { state: 'finished' });
  const late: ((detail: unknown) => void)[] = [];
  answers.attempt_detail = () => new Promise((resolve) => late.push(resolve));
  await lab.look('9');
  lab.select('attempt-1');
  lab.select('attempt-2');
  late[1]?.({ info: { id: '2', state: 'answered' } });
  await turn();
  late[0]?.({ info: { id: '1', state: 'answered' } });
  await turn();
  expect(lab.detail?.id).toBe('2');
});

it('removes a run that is shown from the page too', async () => {
  answers.lab = () => state({}, { state: 'finished' });
  answers.run_remove = () => true;
  await lab.look('9');
  await lab.removeRun('9');
  expect([lab.run, lab.shown]).toEqual([null, 'runs']);
});
