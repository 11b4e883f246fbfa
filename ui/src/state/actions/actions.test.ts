import { describe, expect, it } from 'vitest';
import { ACTIONS, Keys, type Context, type Place } from '.';
import { chord, keyLabel, type KeyPress } from '../keys';

const press = (key: string, change: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...change,
});
const nowhere: Place = { typing: false, list: true, above: false };
const typing: Place = { typing: true, list: false, above: false };
const onButton: Place = { typing: false, list: false, above: false };
const inDialog: Place = { typing: false, list: false, above: true };

const context = {
  app: { listener: { url: null } },
  shell: { view: 'deliveries' },
  settings: { values: { theme: 'dark' } },
  deliveries: {
    rows: [{}],
    selected: '1',
    targets: ['1'],
    following: false,
    deletions: { list: [{}] },
    marked: new Set(),
    text: '',
    filter: '',
    empty: false,
  },
  lab: { editor: { of: null }, canStart: true, running: true, run: { countdown: {} } },
  importing: { state: null, running: false },
  compose: { dialog: null, work: { canSend: true }, replaced: null },
} as unknown as Context;

const idOf = (found: ReturnType<Keys['find']>) => (found === null || found === 'pending' ? found : found.id);
const find = (key: KeyPress, place: Place, keys = new Keys()) => idOf(keys.find(key, place, context));

describe('the table of actions', () => {
  it('names every key once', () => {
    const keys = ACTIONS.flatMap((action) => action.keys.map((key) => `${action.view ?? ''} ${key}`));
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
    const ids = ACTIONS.map((action) => action.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('fires nothing while typing but the palette and the size', () => {
    const fired = ACTIONS.flatMap((action) => action.keys)
      .filter((key) => !key.includes(' '))
      .map((key) => {
        const last = key.endsWith('++') ? '+' : (key.split('+').at(-1) ?? '');
        return find(press(last, { ctrlKey: key.startsWith('Mod+') }), typing);
      });
    expect(fired.filter((id) => id !== null)).toEqual([
      'zoom-larger',
      'zoom-larger',
      'zoom-smaller',
      'zoom-ordinary',
      'palette',
    ]);
  });

  it.each([
    ['j', nowhere, 'next'],
    ['ArrowDown', nowhere, 'next'],
    ['ArrowDown', onButton, null],
    ['Enter', onButton, null],
    ['Delete', onButton, null],
    ['j', onButton, 'next'],
    ['p', inDialog, null],
    ['3', nowhere, 'tab-headers'],
  ] as const)('%s with the focus at %o is %s', (key, place, id) => {
    expect(find(press(key), place)).toBe(id);
  });

  it.each([
    ['check', 'j', 'check 1'],
    ['check', 'Home', 'check first'],
    ['deliveries', 'j', 'deliveries 1'],
    ['compose', 'j', null],
  ] as const)('in %s, %s moves %s', (view, key, moved) => {
    let by: string | null = null;
    const here = {
      ...context,
      shell: { view },
      check: { report: {}, rows: [{}], move: (to: unknown) => (by = `check ${String(to)}`) },
      deliveries: {
        ...context.deliveries,
        move: (to: unknown) => (by = `deliveries ${String(to)}`),
        seen: () => undefined,
      },
    } as unknown as Context;
    const found = new Keys().find(press(key), nowhere, here);
    if (found !== null && found !== 'pending') found.run(here);
    expect(by).toBe(moved);
  });

  it('compares two selected ones, the older first, and no other number of them', () => {
    const shown: unknown[] = [];
    const marked = (...ids: string[]) =>
      ({
        ...context,
        deliveries: { ...context.deliveries, marked: new Set(ids) },
        comparing: { show: (...args: unknown[]) => shown.push(args) },
      }) as unknown as Context;
    const compare = (...ids: string[]) => new Keys().find(press('d'), nowhere, marked(...ids));
    expect([compare('10'), compare('10', '9', '8')]).toEqual([null, null]);
    const action = compare('10', '9');
    if (action === null || action === 'pending') throw new Error('there is an action');
    action.run(marked('10', '9'));
    expect(shown).toEqual([[{ kind: 'delivery', id: '9' }, { kind: 'delivery', id: '10' }, ['9', '10']]]);
  });

  it('reads sequences, and forgets the beginning after another key', () => {
    const keys = new Keys();
    expect(find(press('g'), nowhere, keys)).toBe('pending');
    expect(find(press('p'), nowhere, keys)).toBe('go-providers');
    expect(find(press('p'), nowhere, keys)).toBe('pin');
    expect(find(press('g'), nowhere, keys)).toBe('pending');
    expect(find(press('q'), nowhere, keys)).toBeNull();
    expect(find(press('s'), nowhere, keys)).toBeNull();
  });

  it('does not take Ctrl+J, Alt+P or the other modifier for a letter', () => {
    expect(find(press('j', { ctrlKey: true }), nowhere)).toBeNull();
    expect(find(press('p', { altKey: true }), nowhere)).toBeNull();
    expect(find(press('p', { metaKey: true }), nowhere)).toBeNull();
  });
});

describe('composing', () => {
  const composing = (change: object) =>
    ({ ...context, shell: { view: 'compose', over: false }, ...change }) as unknown as Context;
  const send = press('Enter', { ctrlKey: true });
  it.each([
    ['while typing', composing({}), typing, 'send'],
    ['with the focus on a button', composing({}), onButton, 'send'],
    ['where it cannot be sent', composing({ compose: { dialog: null, work: { canSend: false } } }), typing, null],
    ['on the start page', composing({ compose: { dialog: null, work: null } }), typing, null],
    ['in one of its dialogs', composing({ compose: { dialog: 'copy', work: { canSend: true } } }), inDialog, null],
    ['under the palette', composing({ shell: { view: 'compose', over: true } }), typing, null],
    ['in another view', context, typing, null],
  ] as const)('Ctrl ↵ %s', (_, where, place, id) => {
    expect(idOf(new Keys().find(send, place, where))).toBe(id);
  });

  it.each([
    ['r', 'resend'],
    ['e', 'edit'],
    ['c', 'copy-curl'],
  ] as const)('%s on the list is %s, and nothing elsewhere', (key, id) => {
    expect(find(press(key), nowhere)).toBe(id);
    expect(find(press(key), typing)).toBeNull();
    expect(idOf(new Keys().find(press(key), nowhere, composing({})))).toBeNull();
  });

  it('is gone to by g c', () => {
    const keys = new Keys();
    find(press('g'), nowhere, keys);
    expect(find(press('c'), nowhere, keys)).toBe('go-compose');
  });
});

describe('keys', () => {
  it.each([
    [press('K', { ctrlKey: true }), false, 'Mod+k'],
    [press('k', { metaKey: true }), true, 'Mod+k'],
    [press('?', { shiftKey: true }), false, '?'],
    [press('+', { ctrlKey: true, shiftKey: true }), false, 'Mod++'],
    [press('о', { code: 'KeyJ' }), false, 'j'],
    [press('J', { shiftKey: true }), false, 'Shift+j'],
    [press('ArrowDown', { shiftKey: true }), false, 'Shift+ArrowDown'],
  ] as const)('%o on a Mac: %s is %s', (key, mac, written) => {
    expect(chord(key, mac)).toBe(written);
  });

  it.each([
    ['Mod+k', true, '⌘K'],
    ['Mod+k', false, 'Ctrl K'],
    ['Mod++', false, 'Ctrl +'],
    ['Mod+-', true, '⌘-'],
    ['g d', false, 'G D'],
    ['Delete', false, 'Del'],
  ] as const)('%s on a Mac: %s is shown as %s', (key, mac, shown) => {
    expect(keyLabel(key, mac)).toBe(shown);
  });
});
