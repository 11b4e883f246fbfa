/** Splits a `multipart/form-data` body by its boundary, on bytes. Parts are places in the body, not copies. */

/** One part. */
export interface Part {
  /** Headers in order, as sent (bytes read as UTF-8). */
  headers: { name: string; value: string }[];
  /** From `Content-Disposition`. */
  name: string | null;
  filename: string | null;
  /** The media type without parameters, in lower case; `text/plain` is not assumed. */
  contentType: string | null;
  /** Where its content starts and ends (exclusive) in the body. */
  start: number;
  end: number;
}

/** A body that was split. */
export interface Multipart {
  parts: Part[];
  /** What is odd about it, one sentence each. */
  problems: string[];
}

/** A parameter of a header value, quoted or not. */
export function parameter(value: string, name: string): string | null {
  const quoted = /;\s*([^\s=;]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/g;
  for (const match of value.matchAll(quoted)) {
    if (match[1]?.toLowerCase() !== name) continue;
    return match[2] === undefined ? (match[3] ?? '') : match[2].replace(/\\(["\\])/g, '$1');
  }
  return null;
}

/** Splits a body. */
export function splitMultipart(body: Uint8Array, boundary: string): Multipart {
  const problems: string[] = [];
  const parts: Part[] = [];
  const mark = new TextEncoder().encode(`--${boundary}`);
  let found = findMark(body, mark, 0);
  if (found === null) {
    return { parts, problems: ['The boundary that Content-Type names is not in the body.'] };
  }
  if (found.at > 0) problems.push(`${bytes(found.at)} before the first boundary belong to no part.`);
  while (!found.final) {
    const start = found.after;
    const next = findMark(body, mark, start);
    if (next === null) problems.push('The final boundary is missing: the body may have been cut.');
    parts.push(readPart(body, start, next === null ? body.length : next.at, problems));
    if (next === null) return { parts, problems };
    found = next;
  }
  const left = body.length - found.after;
  if (left > 0) problems.push(`${bytes(left)} after the final boundary belong to no part.`);
  return { parts, problems };
}

interface Mark {
  /** Where the line end before the boundary starts. */
  at: number;
  /** After the boundary's own line end. */
  after: number;
  /** It is the closing one. */
  final: boolean;
}

/** The next boundary line at or after `from`. It stands at the start of a line and has nothing but white space after it. */
function findMark(body: Uint8Array, mark: Uint8Array, from: number): Mark | null {
  for (let i = body.indexOf(0x2d, from); i >= 0; i = body.indexOf(0x2d, i + 1)) {
    const lineStart = i === 0 || body[i - 1] === 0x0a;
    if (!lineStart || !mark.every((byte, n) => body[i + n] === byte)) continue;
    let after = i + mark.length;
    const final = body[after] === 0x2d && body[after + 1] === 0x2d;
    if (final) after += 2;
    while (body[after] === 0x20 || body[after] === 0x09) after += 1;
    if (body[after] === 0x0d) after += 1;
    if (body[after] === 0x0a) after += 1;
    else if (after < body.length) continue;
    let at = i;
    if (at > from && body[at - 1] === 0x0a) at -= 1;
    if (at > from && body[at - 1] === 0x0d) at -= 1;
    return { at, after, final };
  }
  return null;
}

function readPart(body: Uint8Array, from: number, to: number, problems: string[]): Part {
  const headers: Part['headers'] = [];
  let at = from;
  let ended = false;
  while (at < to && !ended) {
    const newline = body.indexOf(0x0a, at);
    const lineEnd = newline < 0 || newline >= to ? to : newline;
    const line = text(body.subarray(at, lineEnd)).replace(/\r$/, '');
    at = Math.min(lineEnd + 1, to);
    if (line === '') {
      ended = true;
      continue;
    }
    const last = headers.at(-1);
    const colon = line.indexOf(':');
    if (/^[ \t]/.test(line) && last !== undefined) last.value += ` ${line.trim()}`;
    else if (colon > 0) headers.push({ name: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() });
    else problems.push("A line among a part's headers has no colon.");
  }
  if (!ended) problems.push("A part's headers do not end with an empty line.");
  const get = (name: string): string | null => headers.find((one) => one.name.toLowerCase() === name)?.value ?? null;
  const disposition = get('content-disposition') ?? '';
  return {
    headers,
    name: parameter(disposition, 'name'),
    filename: extended(parameter(disposition, 'filename*')) ?? parameter(disposition, 'filename'),
    contentType: get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? null,
    start: at,
    end: to,
  };
}

/** RFC 5987: `UTF-8''na%C3%AFve.txt`. */
function extended(value: string | null): string | null {
  const encoded = /^utf-8'[^']*'(.*)$/i.exec(value ?? '')?.[1];
  if (encoded === undefined) return null;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return null;
  }
}

function text(part: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(part);
}

function bytes(count: number): string {
  return count === 1 ? '1 byte' : `${count.toLocaleString('en')} bytes`;
}
