/** What may be typed into the settings. */

/** The largest body that can be asked for, in MB: it is held in memory while it is received. */
export const MOST_MB = 256;

/** A port as typed; null where it is none. */
export function readPort(text: string): number | null {
  const port = /^[0-9]{1,5}$/.test(text.trim()) ? Number(text.trim()) : 0;
  return port >= 1 && port <= 65_535 ? port : null;
}

/** Bytes of an MB: the limit that senders mean by “25 MB” is the larger reading, so nothing legal is refused. */
const MB = 1024 * 1024;

/** A size in MB (1,048,576 bytes), as typed, in bytes; null where it is none or too large. */
export function readMegabytes(text: string): number | null {
  const typed = text.trim().replace(',', '.');
  if (!/^[0-9]{1,4}(\.[0-9]{1,3})?$/.test(typed)) return null;
  const bytes = Math.round(Number(typed) * MB);
  return bytes >= 1_024 && bytes <= MOST_MB * MB ? bytes : null;
}

/** A size in bytes as it stands in the field. */
export function megabytes(bytes: number): string {
  return String(Math.round((bytes / MB) * 1_000) / 1_000);
}
