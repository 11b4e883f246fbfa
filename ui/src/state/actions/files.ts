/** Deliveries become files, and files deliveries. */
import type { Action, Context } from './action';
import { inList, withTarget } from './when';
import { grouped } from '../format';
import { filterLabel, markedLabel, type ExportSource } from '../exportWords';

/** What of the list can be exported, the nearest first. */
export function exportSources({ deliveries }: Context): ExportSource[] {
  const { marked, selected, selectedRow: row, filter, count } = deliveries;
  const sources: ExportSource[] = [];
  if (marked.size > 0) {
    sources.push({ id: 'marked', label: markedLabel(marked.size), selection: { kind: 'ids', ids: [...marked] } });
  }
  if (selected !== null) {
    const title = row ? (row.event_type ?? `${row.method} ${row.path}`) : selected;
    sources.push({ id: 'selected', label: `This one: ${title}`, selection: { kind: 'ids', ids: [selected] } });
  }
  const label = filterLabel(filter, count?.matched ?? null);
  return [...sources, { id: 'filter', label, selection: { kind: 'filter', filter } }];
}
/** The run that is looked at, where it sent something and is over. */
function runToExport({ shell, lab, check }: Context): ExportSource | null {
  const of = (run: string, label: string): ExportSource => ({ id: 'run', label, selection: { kind: 'run', run } });
  if (shell.view === 'lab' && lab.run && !lab.running && lab.run.attempts.length > 0) {
    return of(lab.run.run.id, 'What the rehearsal sent');
  }
  if (shell.view === 'check' && check.shown !== null && check.report && !check.running) {
    return of(check.shown, 'What the check sent');
  }
  return null;
}

export const FILES: readonly Action[] = [
  {
    id: 'export',
    title: 'Export…',
    words: ({ deliveries }) => (deliveries.marked.size > 0 ? `${grouped(deliveries.marked.size)} selected` : ''),
    group: 'Deliveries',
    keys: ['Mod+e'],
    when: withTarget,
    run: (context) => void context.exporting.ask(exportSources(context)),
  },
  {
    id: 'export-shown',
    title: 'Export all that is shown…',
    words: ({ deliveries }) => (deliveries.count ? grouped(deliveries.count.matched) : ''),
    group: 'Deliveries',
    keys: ['Mod+Shift+e'],
    when: inList,
    run: (context) => void context.exporting.ask(exportSources(context), 'filter'),
  },
  {
    id: 'export-run',
    title: 'Export what the run sent…',
    group: 'Deliveries',
    keys: [],
    when: (context) => runToExport(context) !== null,
    run: (context) => {
      const source = runToExport(context);
      if (source) void context.exporting.ask([source]);
    },
  },
  {
    id: 'export-batch',
    title: 'Export what the batch sent…',
    group: 'Deliveries',
    keys: [],
    when: ({ batch }) => batch.shown?.running === false && batch.shown.done > 0,
    run: ({ exporting }) =>
      void exporting.ask([{ id: 'batch', label: 'What the batch sent', selection: { kind: 'batch' } }]),
  },
  {
    id: 'import',
    title: 'Import…',
    group: 'Deliveries',
    keys: ['Mod+i'],
    run: ({ importing }) => importing.ask(),
  },
  {
    id: 'import-show',
    title: 'Show what was imported',
    group: 'Deliveries',
    keys: [],
    when: ({ importing }) => (importing.state?.imported ?? 0) > 0,
    run: ({ importing, shell, deliveries }) => {
      importing.close();
      importing.dismiss();
      shell.view = 'deliveries';
      deliveries.follow();
      void deliveries.applyFilter('is:imported');
    },
  },
  {
    id: 'import-cancel',
    title: 'Cancel the import',
    group: 'Deliveries',
    keys: [],
    when: ({ importing }) => importing.running,
    run: ({ importing }) => void importing.cancel(),
  },
];
