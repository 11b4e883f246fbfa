import { beforeEach, describe, expect, it, vi } from 'vitest';
import type {
  CheckFinding,
  CheckLevel,
  CheckReport,
  CheckState,
  CommandError,
  Commands,
  EngineEvent,
  RunInfo,
} from '../bindings';
import { EndpointCheck } from './check.svelte';
import { emptyRequest } from './checkWords';
import type { Host } from './host';
import type { Said } from './shell.svelte';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const finding = (id: string, level: CheckLevel, works = false): CheckFinding => ({
  probe: { id, name: `Name of ${id}`, group: 'refuse', sent: '', expected: '', why: '', source: '', works },
  level,
  answer: level === 'not_asked' ? '' : '401 in 9 ms',
  status: null,
  took_us: null,
  meaning: '',
  cause: null,
  mend: null,
  same_as: null,
  topic: 'compare',
  attempts: [],
});
const report = (change: Partial<CheckReport> = {}): CheckReport => ({
  run: '7',
  request: { ...emptyRequest(), provider: 'pollo', endpoint: 'http://localhost:3000/' },
  provider_name: 'Pollo.ai',
  event: 'task.succeed',
  secrets: ['main'],
  phase: 'finished',
  started_at: '2026-11-20T14:07:20Z',
  ended_at: '2026-11-20T14:07:22Z',
  headline: '1 fault, 1 warning',
  score: { hold: 1, faults: 1, warnings: 1, questions: 0, notes: 0, not_asked: 0, percent: 33 },
  findings: [finding('a', 'hold'), finding('b', 'warning'), finding('c', 'fault')],
  notes: [],
  problem: null,
  ...change,
});
const run = (id: string, change: Partial<RunInfo> = {}): RunInfo => ({
  id,
  kind: 'check',
  title: 'Pollo.ai',
  provider: 'pollo',
  endpoint: 'http://localhost:3000/',
  state: 'finished',
  started_at: `2026-11-20T14:0${id}:20Z`,
  ended_at: null,
  outcome: '1 fault',
  ...change,
});
const told = (change: Partial<CheckState>): EngineEvent => ({
  type: 'check',
  run: '7',
  phase: 'refusing',
  done: 0,
  total: 3,
  current: null,
  ...change,
});

let asked: [string, Record<string, unknown>][];
let answers: Partial<Record<keyof Commands, (args: never) => unknown>>;
let said: string[];
let shown: Said[];
let reported: CommandError[];
let saved: [string, string][];
let language: 'node' | 'go';
let check: EndpointCheck;
const names = () => asked.map(([name]) => name);

beforeEach(() => {
  asked = [];
  said = [];
  shown = [];
  reported = [];
  saved = [];
  language = 'node';
  answers = {
    check_start: () => '7',
    check: () => report(),
    runs_page: () => ({ runs: [], next: null }),
    named_values: () => [],
  };
  const call = async (name: keyof Commands, args: never): Promise<unknown> => {
    asked.push([name, args]);
    const answer = answers[name];
    return answer ? answer(args) : null;
  };
  const host: Host = { call: call as unknown as Host['call'], onEvents: async () => () => undefined };
  check = new EndpointCheck(host, {
    report: (error) => reported.push(error),
    say: (words) => said.push(words),
    told: (words) => shown.push(words),
    save: async (name, text) => {
      saved.push([name, text]);
      return `/home/me/${name}`;
    },
    copy: async () => undefined,
    language: () => language,
  });
});

describe('a check that goes on', () => {
  const refusing = () => report({ phase: 'refusing', findings: ['a', 'b', 'c'].map((id) => finding(id, 'not_asked')) });

  it('sends what makes the endpoint work after a yes alone, and asks once', async () => {
    answers.check = refusing;
    await check.look('7');
    await check.goOn(true);
    expect(names(), 'while it does not wait there is nothing to answer').not.toContain('check_go_on');
    check.onEvents([told({ phase: 'waiting', done: 1 })]);
    await turn();
    check.onEvents([told({ phase: 'waiting', done: 1 })]);
    await turn();
    expect(said).toHaveLength(1);
    await check.goOn(true);
    expect(asked.find(([name]) => name === 'check_go_on')?.[1]).toEqual({ run: '7', yes: true });
  });

  it('selects the worst finding at the end, says the headline, and leaves a selection alone', async () => {
    answers.check = refusing;
    await check.look('7');
    expect([check.running, check.selected]).toEqual([true, null]);
    answers.check = () => report();
    check.onEvents([told({ phase: 'finished', done: 3 })]);
    await turn();
    expect([check.running, check.selected, said]).toEqual([false, 'c', ['1 fault, 1 warning']]);

    answers.check = refusing;
    await check.look('7');
    check.select('a');
    answers.check = () => report();
    check.onEvents([told({ phase: 'finished' })]);
    await turn();
    expect(check.selected).toBe('a');
  });

  it('events of another run change nothing', async () => {
    await check.look('7');
    asked = [];
    check.onEvents([told({ run: '8', phase: 'working' })]);
    await turn();
    expect([check.phase, names()]).toEqual(['finished', []]);
  });

  it('a report of a run that was left is dropped', async () => {
    let answer: (value: CheckReport) => void = () => undefined;
    answers.check = () => new Promise<CheckReport>((resolve) => (answer = resolve));
    const looking = check.look('7');
    check.leave();
    answer(report());
    await looking;
    expect([check.shown, check.report]).toEqual([null, null]);
  });

  it('what it had heard of an end does not hide what is read of a later state', async () => {
    answers.check = refusing;
    await check.look('7');
    check.onEvents([told({ phase: 'working' })]);
    await turn();
    answers.check = () => report({ phase: 'interrupted' });
    check.onReread();
    await turn();
    expect([check.phase, check.running]).toEqual(['interrupted', false]);
  });
});

describe('the table', () => {
  beforeEach(() => check.look('7'));

  it.each([
    [1, 'b', 'c'],
    [-1, 'b', 'a'],
    [1, 'c', 'c'],
    ['first', 'c', 'a'],
    ['last', 'a', 'c'],
  ] as const)('moving by %s from %s selects %s', (by, from, to) => {
    check.select(from);
    check.move(by);
    expect(check.selected).toBe(to);
  });

  it('lists one level alone, selects in it, and all again for a probe that is not in it', () => {
    check.show('warning');
    expect([check.rows.map(({ probe }) => probe.id), check.selected]).toEqual([['b'], 'b']);
    check.move(1);
    expect(check.selected).toBe('b');
    check.select('c');
    expect(check.rows).toHaveLength(3);
    check.show('fault');
    check.show('fault');
    expect(check.rows, 'the second time lists all').toHaveLength(3);
  });
});

it('checks again what was asked for, and never without asking before anything works', async () => {
  answers.check = () => report({ request: { ...emptyRequest(), provider: 'pollo', endpoint: 'http://x/', yes: true } });
  await check.look('7');
  await check.again();
  const request = asked.find(([name]) => name === 'check_start')?.[1]['request'];
  expect(request).toMatchObject({ provider: 'pollo', endpoint: 'http://x/', yes: false });
});

it('says why a check was not started, and stays where it is', async () => {
  answers.check_start = () => {
    throw { code: 'bad_input', message: 'no secret', detail: null } satisfies CommandError;
  };
  await check.look('7');
  await check.again();
  expect([check.startError?.message, check.shown, check.starting]).toEqual(['no secret', '7', false]);
});

it('compares with earlier checks of the same provider and endpoint alone', async () => {
  answers.runs_page = () => ({
    runs: [
      run('8'),
      run('7'),
      run('6', { endpoint: 'http://other/' }),
      run('5'),
      run('4', { provider: 'stripe' }),
      run('3', { state: 'running' }),
    ],
    next: null,
  });
  await check.loadRuns();
  await check.look('7');
  expect(check.earlier.map(({ id }) => id)).toEqual(['5']);
});

it('asks for how to mend something once for each language', async () => {
  answers.check_mend = (args: { language: string }) => ({ language: args.language, code: '', lines: [] });
  await check.look('7');
  const c = finding('c', 'fault');
  await Promise.all([check.loadMend(c), check.loadMend(c)]);
  expect(check.mendOf(c)?.language).toBe('node');
  language = 'go';
  expect(check.mendOf(c)).toBeUndefined();
  await check.loadMend(c);
  expect([check.mendOf(c)?.language, names().filter((name) => name === 'check_mend').length]).toEqual(['go', 2]);
});

it('saves a report where the user says, and says nothing where none was chosen', async () => {
  answers.check_export = () => ({ file_name: 'check.xml', text: '<x/>' });
  await check.look('7');
  await check.exportAs('junit');
  expect([saved, shown[0]?.words]).toEqual([[['check.xml', '<x/>']], 'The report was saved as /home/me/check.xml.']);
});

it('begins with what was checked last, unless something was typed already', async () => {
  vi.useFakeTimers();
  answers.runs_page = () => ({ runs: [run('7')], next: null });
  await check.loadRuns();
  expect(check.form.fields).toMatchObject({ provider: 'pollo', endpoint: 'http://localhost:3000/' });

  check.form.edit({ endpoint: 'http://mine/' });
  check.runsLoaded = false;
  await check.loadRuns();
  expect(check.form.fields.endpoint).toBe('http://mine/');
  vi.useRealTimers();
});
