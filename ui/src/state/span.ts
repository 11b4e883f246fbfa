/** Spans of time as a person types them. Pure. */

const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
];
const NAMES: Record<string, number> = { s: 1, sec: 1, m: 60, min: 60, h: 3600, d: 86_400 };

/** The largest number of seconds that crosses to the engine. */
const MOST = 4_294_967_295;

/** `90`, `90 s`, `10 min`, `1 h`, `1 h 30 min`, `2 d` in seconds; null where it is none. */
export function parseSpan(text: string): number | null {
  const trimmed = text.trim().toLowerCase();
  if (/^\d+$/.test(trimmed)) return within(Number(trimmed));
  if (!/^(\d+\s*[a-z]+\s*)+$/.test(trimmed)) return null;
  let seconds = 0;
  for (const [, count, unit] of trimmed.matchAll(/(\d+)\s*([a-z]+)/g)) {
    const length = NAMES[unit ?? ''];
    if (length === undefined) return null;
    seconds += Number(count) * length;
  }
  return within(seconds);
}

function within(seconds: number): number | null {
  return seconds <= MOST ? seconds : null;
}

/** Seconds as they are typed: `1 h`, `1 h 30 min`, `90 s` as `1 min 30 s`. */
export function spanText(seconds: number): string {
  let rest = seconds;
  const parts: string[] = [];
  for (const [unit, length] of UNITS) {
    const count = Math.floor(rest / length);
    if (count > 0) parts.push(`${String(count)} ${unit}`);
    rest -= count * length;
  }
  return parts.join(' ') || '0 s';
}
