/** What an export can be of, and the words around it. Pure. */
import type { ExportFormat, ExportOutcome, ExportPreview, ExportSelection, FoundInfo, RedactKind } from '../bindings';
import { grouped, plural, size } from './format';

/** Something that can be exported, as the dialog offers it. */
export interface ExportSource {
  id: 'marked' | 'selected' | 'filter' | 'run' | 'batch';
  label: string;
  selection: ExportSelection;
}

/** Where an export goes. */
export type Destination = 'folder' | 'zip' | 'clipboard';

/** What may be masked by its kind, in the order of the dialog. */
export const KINDS: readonly { kind: RedactKind; label: string; about: string }[] = [
  { kind: 'credentials', label: 'Credentials', about: 'Authorization, API keys and other headers that give access' },
  { kind: 'cookies', label: 'Cookies', about: 'Cookie and Set-Cookie' },
  { kind: 'tokens', label: 'Tokens in addresses', about: 'Tokens in query strings, forms and JSON, by their names' },
  { kind: 'tunnel_addresses', label: 'Tunnel addresses', about: 'Public addresses of this machine' },
  { kind: 'client_ips', label: 'Client addresses', about: 'IP addresses of senders, as proxies note them' },
  { kind: 'emails', label: 'E-mail addresses', about: 'E-mail addresses in paths, headers and bodies' },
];

/** Formats whose requests are sent somewhere. */
export const sends = (format: ExportFormat): boolean => ['curl', 'http', 'postman'].includes(format);

/** A kind with what was found of it. */
export interface FoundGroup {
  kind: RedactKind;
  label: string;
  about: string;
  /** The kind can be masked wherever it stands; else its places only. */
  choosable: boolean;
  found: readonly FoundInfo[];
}

/** What was found, by kind: secrets first, then all kinds, also those of which nothing was found, then what was chosen. */
export function foundGroups(found: readonly FoundInfo[]): readonly FoundGroup[] {
  const of = (kind: RedactKind): readonly FoundInfo[] => found.filter((one) => one.kind === kind);
  const secrets = {
    kind: 'secrets' as const,
    label: 'Stored secrets',
    about: 'Masked always, wherever they stand',
    choosable: false,
    found: of('secrets'),
  };
  const chosen = {
    kind: 'chosen' as const,
    label: 'JSON paths of your own',
    about: 'What you name below',
    choosable: false,
    found: of('chosen'),
  };
  return [
    ...(secrets.found.length > 0 ? [secrets] : []),
    ...KINDS.map((one) => ({ ...one, choosable: true, found: of(one.kind) })),
    ...(chosen.found.length > 0 ? [chosen] : []),
  ];
}

/** It stands in what `keep exact bytes` leaves alone: the body, or a header that is signed. */
export const isExact = (found: FoundInfo): boolean => found.signed || /^(json|form|text):/.test(found.key);

/** What will be written, in a sentence. */
export function planWords(preview: ExportPreview): string {
  const files = `${plural(preview.deliveries, 'delivery', 'deliveries')} in ${plural(preview.files, 'file', 'files')}`;
  const about = preview.searched < preview.deliveries ? 'about ' : '';
  return `${files}, ${about}${size(preview.bytes)}.`;
}

/** What is masked, in a sentence. */
export function maskWords(preview: ExportPreview): string {
  const masked = preview.found.filter((one) => one.masked).length;
  const open = preview.found.length - masked;
  if (preview.found.length === 0) return 'Nothing was found that may be masked.';
  const parts = [
    ...(masked > 0 ? [`${plural(masked, 'place is', 'places are')} masked`] : []),
    ...(open > 0 ? [`${plural(open, 'place leaves as it is', 'places leave as they are')}`] : []),
  ];
  return `${parts.join(', ')}.`;
}

/** Why a JSON pointer cannot be taken; none where it can. */
export function pointerError(pointer: string, there: readonly string[]): string | null {
  if (!pointer.startsWith('/')) return 'A path begins with /: /data/email, or /items/*/email for every item.';
  if (/~(?![01])/.test(pointer)) return 'A ~ in a name is written ~0, a / is written ~1.';
  return there.includes(pointer) ? 'It is there already.' : null;
}

/** Why nothing can be written there; none where it may. Whether it can, the system says. */
export function pathError(path: string, to: Destination): string | null {
  if (to === 'clipboard') return null;
  const trimmed = path.trim();
  if (trimmed === '') return to === 'folder' ? 'Choose a folder.' : 'Choose a file.';
  if (/^(\/|[A-Za-z]:[\\/]|\\\\)/.test(trimmed)) return null;
  return 'Write the whole path, from the root on.';
}

/** How an outcome is shown. */
export const OUTCOMES: Record<ExportOutcome, { words: string; tone: 'pass' | 'warn' | 'grey' | 'accent' }> = {
  written: { words: 'written', tone: 'pass' },
  overwritten: { words: 'replaced', tone: 'accent' },
  unchanged: { words: 'unchanged', tone: 'grey' },
  skipped: { words: 'skipped', tone: 'warn' },
  exists: { words: 'differs', tone: 'warn' },
};

/** The label of a selection of this many. */
export const markedLabel = (count: number): string =>
  count === 1 ? 'The one selected' : `The ${grouped(count)} selected`;

/** The label of all that a filter shows; `count` is none while it is not known. */
export function filterLabel(filter: string, count: number | null): string {
  const all = count === null ? 'All' : count === 1 ? 'The one' : `All ${grouped(count)}`;
  return filter === '' ? `${all} in the log` : `${all} that the filter shows`;
}
