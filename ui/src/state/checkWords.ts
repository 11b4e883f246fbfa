/** What the endpoint check says in words, and in which order things are looked at. Pure. */
import type { CheckFinding, CheckLevel, CheckPhase, CheckReport, CheckRequest, ProbeGroup, RunInfo } from '../bindings';
import { clock, plural } from './format';

/** Levels that a tile counts, in their order; with their words for one and for several. */
export const TILES: readonly {
  level: CheckLevel;
  count: 'hold' | 'faults' | 'warnings' | 'questions' | 'notes';
  one: string;
  many: string;
}[] = [
  { level: 'hold', count: 'hold', one: 'holds', many: 'hold' },
  { level: 'fault', count: 'faults', one: 'fault', many: 'faults' },
  { level: 'warning', count: 'warnings', one: 'warning', many: 'warnings' },
  { level: 'question', count: 'questions', one: 'question', many: 'questions' },
  { level: 'note', count: 'notes', one: 'note', many: 'notes' },
];

/** What a level is called. */
export const LEVEL_WORDS: Record<CheckLevel, string> = {
  fault: 'fault',
  warning: 'warning',
  question: 'question',
  note: 'note',
  hold: 'holds',
  not_asked: 'not asked',
};

/** What a group of probes is called. */
export const GROUPS: readonly { group: ProbeGroup; title: string }[] = [
  { group: 'refuse', title: 'It must refuse' },
  { group: 'accept', title: 'It must accept' },
  { group: 'answer', title: 'It must answer' },
  { group: 'weigh', title: 'Weighed, not condemned' },
];

/** The languages of how to mend something; ids as the engine takes them. */
export const LANGUAGES = [
  { id: 'node', label: 'Node', title: 'Node with Express' },
  { id: 'python-flask', label: 'Python', title: 'Python with Flask' },
  { id: 'go', label: 'Go', title: 'Go with net/http' },
  { id: 'php', label: 'PHP', title: 'PHP without a framework' },
  { id: 'ruby', label: 'Ruby', title: 'Ruby with Rack' },
  { id: 'rust', label: 'Rust', title: 'Rust with axum' },
  { id: 'java', label: 'Java', title: 'Java with the JDK’s own server' },
  { id: 'csharp', label: 'C#', title: 'C# with ASP.NET Core' },
] as const;
export type Language = (typeof LANGUAGES)[number]['id'];

/** The language with this id; the first one where there is none. */
export function languageOf(id: string | undefined): Language {
  return LANGUAGES.find((language) => language.id === id)?.id ?? 'node';
}

/** Whether a check goes on. */
export function goesOn(phase: CheckPhase | null): boolean {
  return phase === 'refusing' || phase === 'waiting' || phase === 'working';
}

/** Something must be looked at: the worst first, in the order of the table. */
const WORST: readonly CheckLevel[] = ['fault', 'warning', 'question', 'note'];

/** The finding that is looked at first; none where all hold. */
export function worst(findings: readonly CheckFinding[]): CheckFinding | null {
  for (const level of WORST) {
    const found = findings.find((finding) => finding.level === level);
    if (found) return found;
  }
  return null;
}

/** Nothing at all was asked. */
export function askedNothing(report: CheckReport): boolean {
  return report.findings.every((finding) => finding.level === 'not_asked');
}

/** What happened to a check that did not come to its end, in a sentence; none for others. */
export function endWords(report: CheckReport): string | null {
  const left = report.findings.filter((finding) => finding.level === 'not_asked').length;
  const rest = left === 0 ? '' : ` ${left === 1 ? '1 probe was' : `${String(left)} probes were`} not asked.`;
  if (report.phase === 'cancelled') return `You ended this check. What was found until then is kept.${rest}`;
  if (report.phase === 'interrupted') {
    return `Countersign ended while this check went on. What was found until then is kept.${rest}`;
  }
  return null;
}

/** `13:40`; with the date before it where that is not today's. */
export function shortClock(rfc3339: string, now: Date): string {
  return clock(rfc3339, now).replace(/(\d\d:\d\d):\d\d$/, '$1');
}

/** Names in a sentence: `a, b and 3 more`. */
export function some(names: readonly string[], shown: number): string {
  if (names.length <= shown)
    return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
  return `${names.slice(0, shown).join(', ')} and ${String(names.length - shown)} more`;
}

/** What a run in the list came to. */
export function outcomeWords(run: RunInfo): string {
  const words = run.outcome ?? '';
  if (run.state === 'running') return words === '' ? 'goes on' : words;
  if (run.state === 'cancelled') return words === '' ? 'cancelled' : `${words} · cancelled`;
  if (run.state === 'interrupted') return words === '' ? 'interrupted' : `${words} · interrupted`;
  // What it found before it failed is numbers.
  if (run.state === 'failed') return /\d/.test(words) ? `${words} · not finished` : 'could not be carried out';
  return words === '' ? 'finished' : words;
}

/** How bad a run's outcome is, for its sign. */
export function outcomeTone(run: RunInfo): 'fail' | 'warn' | 'pass' | 'grey' {
  const words = run.outcome ?? '';
  if (run.state === 'failed' || /\b[1-9][\d,]* faults?\b/.test(words)) return 'fail';
  if (/\b[1-9][\d,]* warnings?\b/.test(words)) return 'warn';
  return run.state === 'finished' ? 'pass' : 'grey';
}

/** Earlier checks of the same provider against the same endpoint, the last one first. */
export function comparable(report: CheckReport, runs: readonly RunInfo[]): readonly RunInfo[] {
  const self = runs.find((run) => run.id === report.run);
  if (!self) return [];
  return runs.filter(
    (run) =>
      run.id !== report.run &&
      run.state !== 'running' &&
      run.state !== 'failed' &&
      run.provider === self.provider &&
      run.endpoint === self.endpoint &&
      Date.parse(run.started_at) <= Date.parse(report.started_at),
  );
}

/** Endpoints that were checked before, the last one first, each once. */
export function lastEndpoints(runs: readonly RunInfo[], most = 6): readonly string[] {
  return [...new Set(runs.map((run) => run.endpoint))].slice(0, most);
}

/** What a report is of, for the line under its headline: `24 probes`, `12 of 24 probes`. */
export function probesWords(report: CheckReport): string {
  const asked = report.findings.filter((finding) => finding.level !== 'not_asked').length;
  const all = report.findings.length;
  return asked === all ? plural(all, 'probe', 'probes') : `${String(asked)} of ${plural(all, 'probe', 'probes')}`;
}

/** Nothing is chosen. */
export function emptyRequest(): CheckRequest {
  return {
    provider: '',
    endpoint: '',
    event: null,
    secrets: [],
    ids: [],
    state: null,
    timeout_ms: null,
    any_certificate: false,
    only: [],
    yes: false,
  };
}
