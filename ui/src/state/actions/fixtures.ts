/** Folders of fixtures. */
import type { Action } from './action';
import { onFixture } from './when';
import { FIXTURE_TABS } from '../fixtures.svelte';

export const FIXTURES: readonly Action[] = [
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
];
