/**
 * The one table of actions. From it come the keys, the palette, the help, the tooltips and the hints of the footer.
 *
 * Deliberately absent: actions that do not work yet, and where an element stands on the screen: what must move the focus
 * does so through `focus`.
 */
import type { App } from './app.svelte';
import type { Compose } from './compose.svelte';
import type { Batch } from './batch.svelte';
import type { EndpointCheck } from './check.svelte';
import type { Comparing } from './comparing.svelte';
import type { Importing } from './importing.svelte';
import type { Deliveries } from './deliveries.svelte';
import type { Exporting } from './export.svelte';
import { filterLabel, markedLabel, type ExportSource } from './exportWords';
import { FIXTURE_TABS, type Fixtures } from './fixtures.svelte';
import { grouped } from './format';
import { chord, isMac, type KeyPress } from './keys';
import type { Lab } from './lab.svelte';
import type { Providers } from './providers.svelte';
import { compareIds } from './rows';
import type { Settings } from './settings.svelte';
import { DETAIL_TABS, type Shell, type View } from './shell.svelte';

/** What actions work on. */
export interface Context {
  app: App;
  batch: Batch;
  check: EndpointCheck;
  comparing: Comparing;
  exporting: Exporting;
  importing: Importing;
  lab: Lab;
  deliveries: Deliveries;
  fixtures: Fixtures;
  providers: Providers;
  settings: Settings;
  shell: Shell;
  /** Moves the focus. */
  focus: (to: 'list' | 'filter' | 'detail') => void;
  /** Puts a text on the clipboard. */
  copy: (text: string) => Promise<void>;
  /** Sends a test delivery of a provider. */
  sendTest: (provider: string) => Promise<void>;
  compose: Compose;
  /** Opens a delivery in the editor. */
  edit: (delivery: string) => Promise<void>;
  /** Sends a delivery again as it came. */
  resend: (delivery: string) => Promise<void>;
  /** Opens the retry lab with a delivery. */
  rehearse: (delivery: string) => void;
  /** Copies a delivery as a command. */
  copyCurl: (delivery: string) => Promise<void>;
}

export interface Action {
  id: string;
  title: string;
  /** Beside the title in the palette, where it depends on what is there. */
  words?: (context: Context) => string;
  group: 'Deliveries' | 'Compose' | 'Retry lab' | 'Endpoint check' | 'Fixtures' | 'Window' | 'Filter';
  /** It acts in this view alone, and its keys may mean something else in others. */
  view?: View;
  /** As `keys.ts` writes them; a sequence has a space. */
  keys: readonly string[];
  /** The words of the footer; absent: not shown there. */
  hint?: string;
  /** Keys that a control uses itself (arrows, Enter, Del) count only where the focus is on the list or on nothing. */
  onList?: true;
  /** Holding the key runs it again and again. */
  repeats?: true;
  /** Works while typing too. */
  whileTyping?: true;
  /** Not in the palette: it makes sense as a key alone. */
  keyOnly?: true;
  when?: (context: Context) => boolean;
  run: (context: Context) => void;
}

const inList = ({ shell, deliveries }: Context): boolean => shell.view === 'deliveries' && deliveries.rows.length > 0;
const withTarget = (context: Context): boolean => inList(context) && context.deliveries.targets.length > 0;
const withSelected = (context: Context): boolean => inList(context) && context.deliveries.selected !== null;
const onSelected = (run: (context: Context, delivery: string) => Promise<void>) => (context: Context) => {
  if (context.deliveries.selected !== null) void run(context, context.deliveries.selected);
};
/** A report of the endpoint check is looked at. */
const inReport = ({ shell, check }: Context): boolean => shell.view === 'check' && check.report !== null;
const inTable = (context: Context): boolean => inReport(context) && context.check.rows.length > 0;
/** Fixtures are listed. */
const inFiles = ({ shell, fixtures }: Context): boolean => shell.view === 'fixtures' && fixtures.files.length > 0;
/** A fixture is selected that can be sent. */
const onFixture = ({ fixtures }: Context): boolean => fixtures.row !== null && fixtures.row.problem === null;
/** Moves in the list that is seen. */
const move =
  (by: 1 | -1 | 'first' | 'last') =>
  (context: Context): void => {
    if (inFiles(context)) {
      context.fixtures.move(by);
      return;
    }
    if (inTable(context)) context.check.move(by);
    else context.deliveries.move(by);
    if (by === 'first' && !inTable(context)) context.deliveries.seen();
  };
const go = (view: View) => (context: Context) => {
  context.shell.view = view;
};

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

const within = (least: number, value: number, most: number): number => Math.min(Math.max(value, least), most);

const TAB_TITLES = {
  signature: 'Signature',
  body: 'Body',
  headers: 'Headers',
  raw: 'Raw',
  response: 'Response',
  history: 'History',
};

/** All actions, in the order of the palette and the help. */
export const ACTIONS: readonly Action[] = [
  {
    id: 'next',
    title: 'Next in the list',
    group: 'Deliveries',
    keys: ['j', 'ArrowDown'],
    onList: true,
    repeats: true,
    keyOnly: true,
    when: (context) => inList(context) || inTable(context) || inFiles(context),
    run: move(1),
  },
  {
    id: 'previous',
    title: 'Previous in the list',
    group: 'Deliveries',
    keys: ['k', 'ArrowUp'],
    onList: true,
    repeats: true,
    keyOnly: true,
    when: (context) => inList(context) || inTable(context) || inFiles(context),
    run: move(-1),
  },
  {
    id: 'first',
    title: 'First in the list',
    group: 'Deliveries',
    keys: ['Home'],
    onList: true,
    when: (context) => inList(context) || inTable(context) || inFiles(context),
    run: move('first'),
  },
  {
    id: 'last',
    title: 'Last in the list, as far as it is loaded',
    group: 'Deliveries',
    keys: ['End'],
    onList: true,
    when: (context) => inList(context) || inTable(context) || inFiles(context),
    run: move('last'),
  },
  {
    id: 'open',
    title: 'Go to the details of what is selected',
    group: 'Deliveries',
    keys: ['Enter'],
    onList: true,
    keyOnly: true,
    when: (context) =>
      (inList(context) && context.deliveries.selected !== null) ||
      (inTable(context) && context.check.selected !== null) ||
      (inFiles(context) && context.fixtures.selected !== null),
    run: (context) => {
      if (!inTable(context)) context.shell.covered = true;
      context.focus('detail');
    },
  },
  {
    id: 'open-group',
    title: 'Show the retries and duplicates of the event',
    group: 'Deliveries',
    keys: ['ArrowRight'],
    onList: true,
    keyOnly: true,
    when: (context) => inList(context) && context.deliveries.grouped,
    run: ({ deliveries }) => void deliveries.openGroup(),
  },
  {
    id: 'close-group',
    title: 'Fold them again',
    group: 'Deliveries',
    keys: ['ArrowLeft'],
    onList: true,
    keyOnly: true,
    when: (context) => inList(context) && context.deliveries.grouped,
    run: ({ deliveries }) => deliveries.closeGroup(),
  },
  {
    id: 'group',
    title: 'Group retries and duplicates',
    group: 'Deliveries',
    keys: [],
    when: ({ settings }) => settings.values?.grouped === false,
    run: ({ settings }) => void settings.change({ grouped: true }),
  },
  {
    id: 'ungroup',
    title: 'Show retries and duplicates one by one',
    group: 'Deliveries',
    keys: [],
    when: ({ settings }) => settings.values?.grouped === true,
    run: ({ settings }) => void settings.change({ grouped: false }),
  },
  {
    id: 'follow',
    title: 'Follow the newest',
    group: 'Deliveries',
    keys: ['n'],
    when: (context) => inList(context) && !context.deliveries.following,
    run: ({ deliveries }) => deliveries.follow(),
  },
  {
    id: 'resend',
    title: 'Resend as it came',
    group: 'Deliveries',
    keys: ['r'],
    hint: 'resend',
    when: withSelected,
    run: onSelected(({ resend }, delivery) => resend(delivery)),
  },
  {
    id: 'edit',
    title: 'Edit and resend',
    group: 'Deliveries',
    keys: ['e'],
    hint: 'edit & resend',
    when: withSelected,
    run: onSelected(({ edit }, delivery) => edit(delivery)),
  },
  {
    id: 'rehearse',
    title: 'Rehearse retries of this',
    group: 'Deliveries',
    keys: ['l'],
    when: withSelected,
    run: ({ rehearse, deliveries }) => {
      if (deliveries.selected !== null) rehearse(deliveries.selected);
    },
  },
  {
    id: 'copy-curl',
    title: 'Copy as curl',
    group: 'Deliveries',
    keys: ['c'],
    hint: 'curl',
    when: withSelected,
    run: onSelected(({ copyCurl }, delivery) => copyCurl(delivery)),
  },
  {
    id: 'pin',
    title: 'Pin or unpin',
    group: 'Deliveries',
    keys: ['p'],
    hint: 'pin',
    when: withTarget,
    run: ({ deliveries }) => void deliveries.togglePin(),
  },
  {
    id: 'mark',
    title: 'Select for an action on several',
    group: 'Deliveries',
    keys: ['x'],
    hint: 'select',
    when: (context) => inList(context) && context.deliveries.selected !== null,
    run: ({ deliveries }) => {
      if (deliveries.selected !== null) deliveries.toggleMark(deliveries.selected);
    },
  },
  {
    id: 'compare',
    title: 'Compare the two selected',
    group: 'Deliveries',
    keys: ['d'],
    when: (context) => inList(context) && context.deliveries.marked.size === 2,
    run: ({ comparing, deliveries }) => {
      // The older one first.
      const [older, newer] = [...deliveries.marked].sort(compareIds);
      if (older === undefined || newer === undefined) return;
      void comparing.show({ kind: 'delivery', id: older }, { kind: 'delivery', id: newer }, [older, newer]);
    },
  },
  {
    id: 'delete',
    title: 'Delete',
    group: 'Deliveries',
    keys: ['Delete', ...(isMac ? ['Backspace'] : [])],
    onList: true,
    hint: 'delete',
    when: withTarget,
    run: ({ deliveries }) => void deliveries.remove(),
  },
  {
    id: 'undo',
    title: 'Undo the last deletion',
    group: 'Deliveries',
    keys: ['Mod+z'],
    when: ({ deliveries }) => deliveries.deletions.list.length > 0,
    run: ({ deliveries }) => void deliveries.undo(),
  },
  {
    id: 'clear',
    title: 'Clear all that is shown…',
    group: 'Deliveries',
    keys: [],
    when: inList,
    run: ({ shell }) => {
      shell.clearing = true;
    },
  },
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
    id: 'resend-marked',
    title: 'Resend the selected…',
    words: ({ deliveries }) => grouped(deliveries.marked.size),
    group: 'Deliveries',
    keys: ['Shift+r'],
    hint: 'resend selected',
    when: (context) => inList(context) && context.deliveries.marked.size > 0,
    run: ({ batch, deliveries }) => batch.ask({ kind: 'ids', ids: [...deliveries.marked] }),
  },
  {
    id: 'resend-shown',
    title: 'Resend all that is shown…',
    words: ({ deliveries }) => (deliveries.count ? grouped(deliveries.count.matched) : ''),
    group: 'Deliveries',
    keys: [],
    when: inList,
    run: ({ batch, deliveries }) => batch.ask({ kind: 'filter', filter: deliveries.filter }),
  },
  {
    id: 'replay-range',
    title: 'Replay a time range…',
    group: 'Deliveries',
    keys: [],
    when: ({ deliveries }) => !deliveries.empty,
    run: ({ batch }) => batch.ask({ kind: 'range' }),
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
  ...(
    [
      ['show', 'Show the batch', ({ batch }) => batch.shown !== null, ({ batch }) => batch.show(true)],
      [
        'pause',
        'Hold the batch',
        ({ batch }) => batch.shown?.running === true && !batch.shown.paused,
        ({ batch }) => void batch.pause(true),
      ],
      [
        'resume',
        'Let the batch go on',
        ({ batch }) => batch.shown?.paused === true,
        ({ batch }) => void batch.pause(false),
      ],
      ['cancel', 'Cancel the batch', ({ batch }) => batch.shown?.running === true, ({ batch }) => void batch.cancel()],
    ] as [string, string, (context: Context) => boolean, (context: Context) => void][]
  ).map(([id, title, when, run]): Action => ({ id: `batch-${id}`, title, group: 'Deliveries', keys: [], when, run })),
  {
    id: 'filter',
    title: 'Filter deliveries',
    group: 'Filter',
    keys: ['/', 'Mod+f'],
    hint: 'filter',
    when: ({ shell, deliveries }) => shell.view === 'deliveries' && !deliveries.empty,
    run: ({ focus }) => focus('filter'),
  },
  {
    id: 'clear-filter',
    title: 'Show all deliveries',
    group: 'Filter',
    keys: [],
    when: ({ deliveries }) => deliveries.text !== '',
    run: ({ deliveries, shell }) => {
      shell.view = 'deliveries';
      void deliveries.applyFilter('');
    },
  },
  {
    id: 'save-filter',
    title: 'Save this filter…',
    group: 'Filter',
    keys: [],
    when: ({ deliveries }) => deliveries.filter !== '' && deliveries.filterError === null,
    run: ({ shell }) => {
      shell.saving = true;
    },
  },
  ...DETAIL_TABS.map((tab, at): Action => ({
    id: `tab-${tab}`,
    title: `Show ${TAB_TITLES[tab]}`,
    group: 'Deliveries',
    keys: [String(at + 1)],
    when: (context) => inList(context) && context.deliveries.selected !== null,
    run: ({ shell }) => {
      shell.tab = tab;
      shell.covered = true;
    },
  })),
  {
    id: 'send',
    title: 'Send what is composed',
    group: 'Compose',
    keys: ['Mod+Enter'],
    hint: 'send',
    whileTyping: true,
    when: ({ shell, compose }) =>
      shell.view === 'compose' && compose.dialog === null && !shell.over && compose.work?.canSend === true,
    run: ({ compose }) => void compose.work?.send(),
  },
  {
    id: 'cancel-send',
    title: 'Cancel what is being sent',
    group: 'Compose',
    keys: ['Mod+.'],
    hint: 'cancel',
    whileTyping: true,
    when: ({ shell, compose, check }) =>
      (shell.view === 'compose' && compose.dialog === null && !shell.over && compose.work?.sending != null) ||
      (shell.view === 'check' && !shell.over && check.running),
    run: ({ shell, compose, check }) => void (shell.view === 'check' ? check.cancel() : compose.work?.cancel()),
  },
  {
    id: 'compose-new',
    title: 'Compose something new',
    group: 'Compose',
    keys: [],
    run: ({ shell, compose }) => {
      compose.close();
      shell.view = 'compose';
    },
  },
  {
    id: 'compose-undo',
    title: 'Back to the draft before',
    group: 'Compose',
    keys: [],
    when: ({ compose }) => compose.replaced !== null,
    run: ({ shell, compose }) => {
      compose.undo();
      shell.view = 'compose';
    },
  },
  {
    id: 'lab-start',
    title: 'Start the rehearsal',
    group: 'Retry lab',
    view: 'lab',
    keys: ['Mod+Enter'],
    hint: 'start',
    whileTyping: true,
    when: ({ lab, shell }) => !shell.over && lab.editor.of === null && lab.canStart && !lab.running,
    run: ({ lab }) => void lab.start(),
  },
  {
    id: 'lab-pause',
    title: 'Hold the run, or let it go on',
    group: 'Retry lab',
    view: 'lab',
    keys: ['p'],
    hint: 'hold',
    when: ({ lab }) => lab.running,
    run: ({ lab }) => void lab.pause(),
  },
  {
    id: 'lab-skip',
    title: 'Skip the wait',
    group: 'Retry lab',
    view: 'lab',
    keys: ['s'],
    hint: 'skip the wait',
    when: ({ lab }) => lab.running && lab.run?.countdown != null,
    run: ({ lab }) => void lab.skip(),
  },
  {
    id: 'lab-cancel',
    title: 'Cancel the run',
    group: 'Retry lab',
    view: 'lab',
    keys: ['Mod+.'],
    hint: 'cancel',
    whileTyping: true,
    when: ({ lab }) => lab.running,
    run: ({ lab }) => void lab.cancel(),
  },
  ...(
    [
      ['plan', 'Show the schedule', (): boolean => true],
      ['run', 'Show the run', ({ lab }) => lab.run !== null],
      ['runs', 'Show earlier runs', (): boolean => true],
    ] as ['plan' | 'run' | 'runs', string, (context: Context) => boolean][]
  ).map(([shown, title, when]): Action => ({
    id: `lab-${shown}`,
    title,
    group: 'Retry lab',
    keys: [],
    when,
    run: ({ lab, shell }) => {
      lab.shown = shown;
      shell.view = 'lab';
    },
  })),
  {
    id: 'check-start',
    title: 'Start the check',
    group: 'Endpoint check',
    keys: [],
    when: ({ shell, check }) => shell.view === 'check' && check.shown === null && check.form.ready,
    run: ({ check }) => void check.start(),
  },
  {
    id: 'check-again',
    title: 'Run the check again',
    group: 'Endpoint check',
    keys: ['a'],
    hint: 'run again',
    when: (context) => inReport(context) && !context.check.running && !context.check.starting,
    run: ({ check }) => void check.again(),
  },
  {
    id: 'check-compare',
    title: 'Compare the check with the one before',
    group: 'Endpoint check',
    keys: ['v'],
    when: (context) => inReport(context) && !context.check.running && context.check.earlier.length > 0,
    run: ({ check }) => {
      const [before] = check.earlier;
      if (check.comparison) check.comparison = null;
      else if (before) void check.compare(before.id);
    },
  },
  ...(
    [
      ['json', 'JSON'],
      ['markdown', 'Markdown'],
      ['junit', 'JUnit XML'],
    ] as const
  ).map(([format, name]): Action => ({
    id: `check-export-${format}`,
    title: `Export the report as ${name}…`,
    group: 'Endpoint check',
    keys: [],
    when: (context) => inReport(context) && !context.check.running,
    run: ({ check }) => void check.exportAs(format),
  })),
  {
    id: 'check-new',
    title: 'Check an endpoint…',
    group: 'Endpoint check',
    keys: [],
    run: ({ shell, check }) => {
      if (check.shown !== null) check.leave();
      shell.view = 'check';
    },
  },
  {
    id: 'fixture-resend',
    title: 'Send the fixture',
    words: ({ fixtures }) => fixtures.to,
    group: 'Fixtures',
    view: 'fixtures',
    keys: ['r'],
    hint: 'resend',
    when: onFixture,
    run: ({ fixtures }) => void fixtures.resend(),
  },
  {
    id: 'fixture-send-to',
    title: 'Send the fixture to another endpoint…',
    group: 'Fixtures',
    view: 'fixtures',
    keys: ['Shift+r'],
    when: onFixture,
    run: ({ fixtures }) => {
      fixtures.sendError = null;
      fixtures.asking = true;
    },
  },
  {
    id: 'fixture-update',
    title: 'Update the fixture from a capture…',
    group: 'Fixtures',
    view: 'fixtures',
    keys: ['u'],
    hint: 'update',
    when: (context) => onFixture(context) && context.fixtures.row?.format === 'fixture',
    run: ({ fixtures, deliveries }) => {
      if (fixtures.row) void fixtures.update.start(fixtures.row, deliveries.selected);
    },
  },
  {
    id: 'fixture-edit',
    title: 'Edit and send the fixture',
    group: 'Fixtures',
    view: 'fixtures',
    keys: ['e'],
    hint: 'edit & send',
    when: onFixture,
    run: ({ fixtures, compose, shell }) => {
      if (!fixtures.row) return;
      shell.view = 'compose';
      void compose.start({ kind: 'fixture', file: fixtures.row.file });
    },
  },
  {
    id: 'fixture-copy-path',
    title: 'Copy the file’s path',
    group: 'Fixtures',
    view: 'fixtures',
    keys: ['c'],
    hint: 'path',
    when: ({ fixtures }) => fixtures.selected !== null,
    run: ({ fixtures }) => void fixtures.copyPath(),
  },
  {
    id: 'fixture-filter',
    title: 'Filter the fixtures',
    group: 'Fixtures',
    view: 'fixtures',
    keys: ['/', 'Mod+f'],
    hint: 'filter',
    when: ({ fixtures }) => fixtures.folders.length > 0,
    run: ({ focus }) => focus('filter'),
  },
  ...FIXTURE_TABS.map((tab, at): Action => ({
    id: `fixture-${tab}`,
    title: `Show the fixture’s ${tab}`,
    group: 'Fixtures',
    view: 'fixtures',
    keys: [String(at + 1)],
    when: onFixture,
    run: ({ fixtures, shell }) => {
      fixtures.tab = tab;
      shell.covered = true;
    },
  })),
  {
    id: 'fixture-add',
    title: 'Add a folder of fixtures…',
    group: 'Fixtures',
    keys: [],
    run: ({ fixtures, shell }) => {
      shell.view = 'fixtures';
      fixtures.addError = null;
      fixtures.adding = true;
    },
  },
  {
    id: 'fixture-remove',
    title: 'Take the folder off the list',
    words: ({ fixtures }) => fixtures.info?.name ?? '',
    group: 'Fixtures',
    view: 'fixtures',
    keys: [],
    when: ({ fixtures }) => fixtures.folder !== null,
    run: ({ fixtures }) => {
      if (fixtures.folder !== null) void fixtures.remove(fixtures.folder);
    },
  },
  {
    id: 'fixture-undo',
    title: 'Put the removed folder back on the list',
    group: 'Fixtures',
    view: 'fixtures',
    keys: [],
    when: ({ fixtures }) => fixtures.removed !== null,
    run: ({ fixtures }) => void fixtures.undo(),
  },
  {
    id: 'copy-address',
    title: 'Copy the listener’s address',
    group: 'Window',
    keys: [],
    when: ({ app }) => app.listener.url !== null,
    run: ({ app, shell, copy }) => {
      copy(app.listener.url ?? '').catch((error: unknown) =>
        shell.report({ code: 'failed', message: `The address was not copied: ${String(error)}`, detail: null }),
      );
    },
  },
  {
    id: 'copy-public',
    title: 'Copy the public address',
    group: 'Window',
    keys: [],
    when: ({ app }) => app.state?.tunnel.public_url != null,
    run: ({ app, copy }) => void copy(app.state?.tunnel.public_url ?? ''),
  },
  {
    id: 'tunnel',
    title: 'Public address and tunnels…',
    group: 'Window',
    keys: [],
    run: ({ shell }) => {
      shell.tunnel = true;
    },
  },
  {
    id: 'go-deliveries',
    title: 'Go to Deliveries',
    group: 'Window',
    keys: ['g d', 'Mod+1'],
    run: go('deliveries'),
  },
  { id: 'go-compose', title: 'Go to Compose', group: 'Window', keys: ['g c', 'Mod+2'], run: go('compose') },
  { id: 'go-lab', title: 'Go to Retry lab', group: 'Window', keys: ['g l'], run: go('lab') },
  { id: 'go-check', title: 'Go to Endpoint check', group: 'Window', keys: ['g t'], run: go('check') },
  { id: 'go-responses', title: 'Go to Responses', group: 'Window', keys: ['g r', 'Mod+3'], run: go('responses') },
  { id: 'go-forwarding', title: 'Go to Forwarding', group: 'Window', keys: ['g f', 'Mod+4'], run: go('forwarding') },
  { id: 'go-fixtures', title: 'Go to Fixtures', group: 'Window', keys: ['g x'], run: go('fixtures') },
  { id: 'go-providers', title: 'Go to Providers', group: 'Window', keys: ['g p', 'Mod+5'], run: go('providers') },
  { id: 'go-settings', title: 'Go to Settings', group: 'Window', keys: ['g s', 'Mod+6'], run: go('settings') },
  ...(['system', 'dark', 'light'] as const).map((theme): Action => ({
    id: `theme-${theme}`,
    title: `Theme: ${theme === 'system' ? 'as the system' : theme}`,
    group: 'Window',
    keys: [],
    when: ({ settings }) => settings.values?.theme !== theme,
    run: ({ settings }) => void settings.change({ theme }),
  })),
  ...(
    [
      ['larger', 'Larger', ['Mod++', 'Mod+='], 10],
      ['smaller', 'Smaller', ['Mod+-'], -10],
      ['ordinary', 'Ordinary size', ['Mod+0'], null],
    ] as const
  ).map(([id, title, keys, step]): Action => ({
    id: `zoom-${id}`,
    title,
    group: 'Window',
    keys,
    repeats: true,
    whileTyping: true,
    when: ({ settings }) => settings.values !== null,
    run: ({ settings }) =>
      void settings.change({ zoom: step === null ? 100 : within(50, (settings.values?.zoom ?? 100) + step, 200) }),
  })),
  {
    id: 'palette',
    title: 'Commands',
    group: 'Window',
    keys: ['Mod+k'],
    hint: 'commands',
    whileTyping: true,
    keyOnly: true,
    run: ({ shell }) => {
      shell.palette = !shell.palette;
    },
  },
  {
    id: 'help',
    title: 'All shortcuts',
    group: 'Window',
    keys: ['?'],
    hint: 'all shortcuts',
    run: ({ shell }) => {
      shell.help = true;
    },
  },
  {
    id: 'back',
    title: 'Back to the list, unselect, or cancel what is being sent',
    group: 'Window',
    keys: ['Escape'],
    keyOnly: true,
    run: ({ shell, check, compose, deliveries, focus }) => {
      if (shell.view === 'compose' && compose.work?.sending != null) void compose.work.cancel();
      else if (shell.view === 'check' && check.comparison !== null) {
        check.comparison = null;
        focus('list');
      } else if (shell.covered) {
        shell.covered = false;
        focus('list');
      } else if (deliveries.marked.size > 0) deliveries.marked.clear();
      else focus('list');
    },
  },
];

/** Whether an action makes sense now. */
export function acts(action: Action, context: Context): boolean {
  return (action.view === undefined || action.view === context.shell.view) && (action.when?.(context) ?? true);
}

/** Runs an action by its id, for buttons: what it does stands in the table alone. */
export function runAction(id: string, context: Context): void {
  const action = ACTIONS.find((one) => one.id === id);
  if (action && acts(action, context)) action.run(context);
}

/** Where the focus is, as far as keys care. */
export interface Place {
  /** In a text control. */
  typing: boolean;
  /** On the list or on nothing. */
  list: boolean;
  /** In a menu or a dialog, which have keys of their own. */
  above: boolean;
}

/** The place of an element. */
export function placeOf(target: EventTarget | null): Place {
  if (!(target instanceof Element)) return { typing: false, list: true, above: false };
  const typing = target.closest('textarea, select, [contenteditable]:not([contenteditable="false"]), [role="textbox"]');
  // The editor's shadow root: out of it a key press seems to come from the element that holds it.
  const editor = target.closest('[data-typing]');
  const input = target.closest('input');
  const textInput = input && !['button', 'checkbox', 'file', 'radio', 'range', 'submit'].includes(input.type);
  return {
    typing: Boolean(typing ?? editor ?? textInput),
    list: target === document.body || target.closest('[data-list]') !== null,
    above: target.closest('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null,
  };
}

/** Reads presses and finds actions. Remembers the first key of a sequence such as `g d`. */
export class Keys {
  #first: string | null = null;

  /** The action for a press at a place, or none. `pending` presses are the beginnings of sequences. */
  find(press: KeyPress, place: Place, context: Context): Action | 'pending' | null {
    // A modifier on its way to the next key ends no sequence.
    if (['Shift', 'Control', 'Alt', 'Meta'].includes(press.key)) return null;
    const key = chord(press);
    const sequence = this.#first === null ? null : `${this.#first} ${key}`;
    this.#first = null;
    const fits = (action: Action): boolean =>
      (!place.typing || action.whileTyping === true) &&
      (!place.above || action.whileTyping === true) &&
      (!action.onList || place.list || /^[a-z]$/.test(key)) &&
      acts(action, context);
    const byKeys = (keys: string): Action | undefined =>
      ACTIONS.find((action) => action.keys.includes(keys) && fits(action));
    const found = (sequence === null ? undefined : byKeys(sequence)) ?? byKeys(key);
    if (found) return found;
    if (!place.typing && !place.above && ACTIONS.some((action) => action.keys.some((k) => k.startsWith(`${key} `)))) {
      this.#first = key;
      return 'pending';
    }
    return null;
  }
}
