/** The list of deliveries and what is done with one. */
import type { Action } from './action';
import { inList, withTarget, withSelected, onSelected, inTable, inFiles, move } from './when';
import { compareIds } from '../rows';
import { DETAIL_TABS } from '../shell.svelte';
import { isMac } from '../keys';

const TAB_TITLES = {
  signature: 'Signature',
  body: 'Body',
  headers: 'Headers',
  raw: 'Raw',
  response: 'Response',
  history: 'History',
};

export const DELIVERIES: readonly Action[] = [
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
];
