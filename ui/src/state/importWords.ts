/** What is said of an import and of its items. Pure. */
import type { ImportFile, ImportItem, ImportOutcome, ImportPreview, ImportState } from '../bindings';
import { grouped, plural, size } from './format';

/** The outcomes by which a list is narrowed, in the order of the tabs; the first one is all. */
export type Only = 'all' | ImportOutcome;

/** How an outcome looks. */
export interface OutcomeLook {
  tone: 'pass' | 'fail' | 'grey' | 'dashed' | 'accent';
  sign?: 'pass' | 'fail';
  words: string;
}

const LOOKS: Record<ImportOutcome, OutcomeLook> = {
  ready: { tone: 'accent', words: 'comes in' },
  imported: { tone: 'pass', sign: 'pass', words: 'imported' },
  duplicate: { tone: 'grey', words: 'already there' },
  failed: { tone: 'fail', sign: 'fail', words: 'broken' },
  passed_over: { tone: 'dashed', words: 'passed over' },
};

export const outcomeLook = (outcome: ImportOutcome): OutcomeLook => LOOKS[outcome];

/** The last part of a path. */
export const shortName = (path: string): string => path.split(/[/\\]/).findLast((part) => part !== '') ?? path;

/** `item 3 · line 12`; empty where neither can be said. */
export function placeWords(item: ImportItem): string {
  return [item.item > 0 ? `item ${grouped(item.item)}` : '', item.line === null ? '' : `line ${grouped(item.line)}`]
    .filter(Boolean)
    .join(' · ');
}

/** What an item is called. */
export function titleOf(item: ImportItem): string {
  if (item.event_type !== null) return item.event_type;
  if (item.title !== '') return item.title;
  return item.item > 0 ? `Item ${grouped(item.item)}` : 'The whole file';
}

/** What it is: provider, method and path, bytes; or why it does not come in. */
export function aboutWords(item: ImportItem, nameOf: (provider: string) => string): string {
  if (item.reason !== null) {
    return item.outcome === 'failed' && item.line !== null ? `Line ${grouped(item.line)}: ${item.reason}` : item.reason;
  }
  const known = item.outcome === 'ready' || item.outcome === 'imported';
  const provider = item.provider === null ? (known ? 'no provider recognised' : '') : nameOf(item.provider);
  const request = item.method === null ? '' : `${item.method} ${item.path ?? ''}`;
  return [provider, request, item.body_len === null ? '' : size(item.body_len)].filter(Boolean).join(' · ');
}

/** `HAR 1.2 · 3 deliveries · 1 broken`. */
export function fileWords(file: ImportFile): string {
  return [
    file.label ?? 'not recognised',
    file.deliveries > 0 || file.faults === 0 ? plural(file.deliveries, 'delivery', 'deliveries') : '',
    file.faults > 0 ? `${grouped(file.faults)} broken` : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

/** The counts of a preview as tabs; what there is none of is left out, but for the broken ones. */
export function previewTabs(preview: ImportPreview): readonly { id: Only; label: string; count: number }[] {
  return tabs([
    ['ready', 'Come in', preview.ready],
    ['duplicate', 'Already there', preview.duplicates],
    ['failed', 'Broken', preview.failed],
    ['passed_over', 'Passed over', preview.passed_over],
  ]);
}

/** The counts of an import, likewise. */
export function stateTabs(state: ImportState): readonly { id: Only; label: string; count: number }[] {
  return tabs([
    ['imported', 'Imported', state.imported],
    ['duplicate', 'Already there', state.duplicates],
    ['failed', 'Broken', state.failed],
    ['passed_over', 'Passed over', state.passed_over],
  ]);
}

function tabs(counts: [ImportOutcome, string, number][]): readonly { id: Only; label: string; count: number }[] {
  const all = counts.reduce((sum, [, , count]) => sum + count, 0);
  return [{ id: 'all', label: 'All', count: all }, ...counts.map(([id, label, count]) => ({ id, label, count }))];
}

/** A line of the preview: a file, or an item below it. */
export type PreviewLine = { kind: 'file'; file: ImportFile } | { kind: 'item'; item: ImportItem };

/** The files with their items, those of one outcome; files without such an item are left out, unless all are shown. */
export function previewLines(preview: ImportPreview, only: Only): readonly PreviewLine[] {
  const lines: PreviewLine[] = [];
  let at = 0;
  for (const file of preview.files) {
    const fit: PreviewLine[] = [];
    for (let item = preview.items[at]; item !== undefined && item.file === file.file; item = preview.items[++at]) {
      if (only === 'all' || item.outcome === only) fit.push({ kind: 'item', item });
    }
    if (fit.length > 0 || only === 'all') lines.push({ kind: 'file', file }, ...fit);
  }
  return lines;
}

/** What would be done, in a sentence. */
export function previewWords(preview: ImportPreview): string {
  const files = plural(preview.files_total, 'file', 'files');
  if (preview.files_total === 0) return 'There is no file in it that could be imported.';
  const more = preview.partial ? ' or more' : '';
  return `${files}: ${plural(preview.ready, 'delivery', 'deliveries')}${more} would come in.`;
}

/** The words of the button. */
export function importWords(preview: ImportPreview | null): string {
  if (preview === null) return 'Import';
  if (preview.partial) return 'Import all';
  return `Import ${grouped(preview.ready)}`;
}

/** How far it has come. */
export function progressWords(state: ImportState): string {
  if (!state.running) return state.outcome;
  const files =
    state.files_total > 1
      ? `file ${grouped(Math.min(state.files_done + 1, state.files_total))} of ${grouped(state.files_total)}`
      : '';
  return [`${plural(state.imported, 'delivery', 'deliveries')} imported so far`, files].filter(Boolean).join(', ');
}

/** Longer pasted texts are only named: a field that holds them would freeze the window. In UTF-16 units. */
export const SHOWN_TEXT = 100_000;

/** Whether a text that was pasted on a page reads as something that can be imported. Nothing else is taken from the clipboard. */
export function readsAsRequests(text: string): boolean {
  const begin = text.replace(/^\ufeff/, '').trimStart();
  if (/^(?:\$\s+)?(?:\S*[/\\])?curl(?:\.exe)?\s/m.test(begin)) return true;
  // A raw request, and the lines of an .http file.
  if (/^[A-Z]+ \S+ HTTP\/1\.[01]\s*$/m.test(begin)) return true;
  if (
    /^(?:###|@\w+\s*=)/.test(begin) ||
    /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) https?:\/\/\S+\s*$/m.test(begin)
  ) {
    return true;
  }
  if (!/^[{[]/.test(begin)) return false;
  // NDJSON: the first line is a whole object.
  return isJson(begin) || isJson(begin.split('\n', 1)[0] ?? '');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A typed path as the engine takes it, or what is wrong with it. */
export function typedPath(text: string): { path: string } | { wrong: string } {
  let path = text.trim().replace(/^(["'])(.*)\1$/, '$2');
  if (path.startsWith('file://')) {
    try {
      path = decodeURIComponent(path.slice('file://'.length));
    } catch {
      return { wrong: 'This file:// address cannot be read. Write the path itself.' };
    }
  }
  if (path === '') return { wrong: 'Write the path of a file or a folder.' };
  if (/^(?:\/|[A-Za-z]:[/\\]|\\\\)/.test(path)) return { path };
  return { wrong: 'Write the whole path, from the root on, such as /home/you/fixtures.' };
}
