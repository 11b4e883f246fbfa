/**
 * What can be said of a body before it is shown: its text, what is odd about its bytes, which views fit. Pure.
 *
 * Deliberately absent: guessing an encoding. A body is UTF-8, or what Content-Type's charset says, or not text.
 */
import type { DeliveryDetail, DeliverySummary } from '../../bindings';
import { size } from '../../state/format';
import { parameter } from './multipart';

/** The views. */
export type Mode = 'tree' | 'pretty' | 'raw' | 'hex' | 'parts' | 'form' | 'image';

/** A body's text. */
export interface BodyText {
  text: string;
  /** The encoding by which it was read, as the browser names it: `utf-8`. */
  encoding: string;
  /** False where some bytes were not of that encoding; U+FFFD stands for them. */
  valid: boolean;
}

/** Something to say above a body. */
export interface Fact {
  level: 'note' | 'warning';
  words: string;
}

/** What is to be known of a request whose body is shown. */
export type BodyOf = Pick<DeliveryDetail, 'headers' | 'kept_len' | 'content_type'> & {
  summary: Pick<DeliverySummary, 'body_cut' | 'body_len'>;
};

/** The first value of a header, by any spelling of its name. */
export function header(detail: BodyOf, name: string): string | null {
  return detail.headers.find((one) => one.name.text.toLowerCase() === name)?.value.text ?? null;
}

/** The encodings of Content-Encoding, outermost last, without `identity`. */
export function contentEncodings(detail: BodyOf): string[] {
  return detail.headers
    .filter((one) => one.name.text.toLowerCase() === 'content-encoding')
    .flatMap((one) => one.value.text.toLowerCase().split(','))
    .map((one) => one.trim())
    .filter((one) => one !== '' && one !== 'identity');
}

/** Reads bytes as text; a byte order mark stays in the text. */
export function readText(bytes: Uint8Array, contentType: string | null): BodyText {
  const charset = (contentType === null ? null : parameter(contentType, 'charset')) ?? 'utf-8';
  const decode = (fatal: boolean): TextDecoder => {
    try {
      return new TextDecoder(charset, { fatal, ignoreBOM: true });
    } catch {
      return new TextDecoder('utf-8', { fatal, ignoreBOM: true });
    }
  };
  const strict = decode(true);
  try {
    return { text: strict.decode(bytes), encoding: strict.encoding, valid: true };
  } catch {
    return { text: decode(false).decode(bytes), encoding: strict.encoding, valid: false };
  }
}

/** What is peculiar about the bytes, in the order in which it matters to a signature. */
export function bodyFacts(bytes: Uint8Array, body: BodyText, contentType: string | null): Fact[] {
  const facts: Fact[] = [];
  const warn = (words: string): number => facts.push({ level: 'warning', words });
  const note = (words: string): number => facts.push({ level: 'note', words });
  if (!body.valid && isText(contentType)) {
    warn(`Not ${name(body.encoding)}: bytes that cannot be read stand as U+FFFD here. Hex shows them.`);
  } else if (body.valid && body.encoding !== 'utf-8') {
    note(`Read as ${body.encoding}, as Content-Type says.`);
  }
  const charset = contentType === null ? null : parameter(contentType, 'charset');
  if (charset !== null && isText(contentType) && !knows(charset))
    warn(`The charset “${charset}” is not known: read as UTF-8.`);
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    note('Starts with a byte order mark (EF BB BF): it is part of what is signed.');
  }
  if (body.valid) {
    const ends = lineEnds(bytes);
    if (ends.crlf > 0) {
      note(
        ends.lf > 0 ? `Line ends are mixed: ${count(ends.crlf)} CRLF, ${count(ends.lf)} LF.` : 'Line ends are CRLF.',
      );
    }
    const last = bytes.at(-1);
    if (last === 0x0a || last === 0x0d) note('Ends with a line end: it is part of what is signed.');
    if (bytes.includes(0)) warn('Holds NUL bytes.');
  }
  return facts;
}

/** Whether bytes that are not text are worth a warning: those of an image or of an archive are not. */
function isText(contentType: string | null): boolean {
  return contentType === null || /^text\/|json|xml|javascript|urlencoded/i.test(contentType);
}

/** Line ends: CRLF pairs, and LF alone. */
function lineEnds(bytes: Uint8Array): { crlf: number; lf: number } {
  let crlf = 0;
  let lf = 0;
  for (let i = bytes.indexOf(0x0a); i >= 0; i = bytes.indexOf(0x0a, i + 1)) {
    if (bytes[i - 1] === 0x0d) crlf += 1;
    else lf += 1;
  }
  return { crlf, lf };
}

/** Image types that are shown. SVG is not among them: it may carry scripts, and is shown as the text that it is. */
const IMAGES = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/bmp',
  'image/x-icon',
  'image/vnd.microsoft.icon',
]);

/** Whether bytes of this media type are shown as an image. */
export function isImage(mediaType: string | null): boolean {
  return mediaType !== null && IMAGES.has(mediaType);
}

/** What decides which views fit. */
export interface Shape {
  mediaType: string | null;
  hasBoundary: boolean;
  validText: boolean;
  /** Content-Type or the first character says JSON. */
  claimsJson: boolean;
  /** It can be read as JSON. */
  isJson: boolean;
}

/** Whether a body is to be tried as JSON: a bare `12` or `true` only where Content-Type says so. */
export function claimsJson(mediaType: string | null, text: string): boolean {
  return (mediaType !== null && /[/+]json$/.test(mediaType)) || /^\ufeff?[ \t\r\n]*[{[]/.test(text);
}

/** The views that fit, and the best one. */
export function modesFor(shape: Shape): { modes: Mode[]; best: Mode } {
  const modes: Mode[] = [];
  if (isImage(shape.mediaType)) modes.push('image');
  if (shape.mediaType === 'multipart/form-data' && shape.hasBoundary) modes.push('parts');
  if (shape.mediaType === 'application/x-www-form-urlencoded' && shape.validText) modes.push('form');
  const special = modes[0];
  if (shape.claimsJson) modes.push('tree', 'pretty');
  modes.push('raw', 'hex');
  return { modes, best: special ?? (shape.isJson ? 'tree' : shape.validText ? 'raw' : 'hex') };
}

/** What is kept of what was sent, where that is not all. */
export function cutWords(detail: BodyOf): string | null {
  if (!detail.summary.body_cut) return null;
  return `The body was over the limit: the first ${size(detail.kept_len)} of ${size(detail.summary.body_len)} are kept.`;
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function name(encoding: string): string {
  return encoding === 'utf-8' ? 'UTF-8' : encoding;
}

function knows(charset: string): boolean {
  try {
    new TextDecoder(charset);
    return true;
  } catch {
    return false;
  }
}
