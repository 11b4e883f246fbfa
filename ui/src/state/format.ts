/** Numbers, sizes and times as words. Pure: the time zone is the system's, `now` is an argument. */

/** `1 delivery`, `3 deliveries`, `12,000 deliveries`. */
export function plural(count: number, one: string, many: string): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** What the undo bar says of a deletion: that whole groups went is said, since their rows looked like one delivery each. */
export function deletedWords(deletion: { count: number; groups: number }): string {
  const deliveries = `${plural(deletion.count, 'delivery', 'deliveries')} deleted`;
  if (deletion.groups === 0) return deliveries;
  const whole = deletion.groups === 1 ? 'an event' : `${grouped(deletion.groups)} events`;
  return `${deliveries}: ${whole} with all retries and duplicates`;
}

/** The time between two moments in its two largest units: `0 s`, `12 s`, `3 m 5 s`, `2 h`, `3 d 4 h`; below a second in ms. */
export function between(from: string, to: string): string {
  const ms = Math.max(0, new Date(to).getTime() - new Date(from).getTime());
  if (Number.isNaN(ms)) return '';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  let rest = Math.round(ms / 1000);
  const parts: string[] = [];
  for (const [unit, length] of [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
    ['s', 1],
  ] as const) {
    const many = Math.floor(rest / length);
    rest -= many * length;
    if (many > 0 || parts.length > 0) parts.push(many > 0 ? `${many} ${unit}` : '');
  }
  return parts.slice(0, 2).filter(Boolean).join(' ');
}

/** `12,000`. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** `62 B`, `2.1 KB`, `1.2 MB`: thousands of bytes, as a provider's limits count them. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['KB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let unit = 0;
  // 999.95 and more would be rounded to 1000.0 of the smaller unit.
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toFixed(1)} ${units[unit]}`;
}

/** A duration in microseconds: `340 µs`, `4.2 ms`, `34 ms`, `1.2 s`. */
export function duration(us: number): string {
  if (us < 1000) return `${us} µs`;
  if (us < 10_000) return `${(us / 1000).toFixed(1)} ms`;
  if (us < 999_500) return `${Math.round(us / 1000)} ms`;
  return `${(us / 1_000_000).toFixed(1)} s`;
}

const two = (value: number): string => String(value).padStart(2, '0');
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `14:02:47`, local time; with the date before it where that is not today's: `20 Nov 14:02:47`. */
export function clock(rfc3339: string, now: Date): string {
  const at = new Date(rfc3339);
  if (Number.isNaN(at.getTime())) return rfc3339;
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  if (at.toDateString() === now.toDateString()) return time;
  const day = `${at.getDate()} ${MONTHS[at.getMonth()] ?? ''}`;
  return at.getFullYear() === now.getFullYear() ? `${day} ${time}` : `${day} ${at.getFullYear()} ${time}`;
}

/** The same with milliseconds: `14:02:47.482`. */
export function preciseClock(rfc3339: string, now: Date): string {
  const words = clock(rfc3339, now);
  const millis = /\.(\d{1,3})/.exec(rfc3339)?.[1];
  return millis && words !== rfc3339 ? `${words}.${millis.padEnd(3, '0')}` : words;
}
