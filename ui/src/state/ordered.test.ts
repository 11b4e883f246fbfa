import { beforeEach, describe, expect, it } from 'vitest';
import type { Route, RuleFault } from '../bindings';
import { exampleUrl, newRoute } from './forwarding.svelte';
import { Ordered } from './ordered.svelte';
import { inWords, newRule } from './responses.svelte';

/** An engine that gives ids, and refuses a name. */
class Engine {
  kept: Route[] = [];
  #made = 0;
  list = new Ordered<Route>({
    read: async () => this.kept,
    write: async (list) => {
      if (list.some((one) => one.name === 'wrong')) throw { code: 'bad_input', message: 'not saved', detail: null };
      this.kept = list.map((one) => ({ ...one, id: one.id === '' ? `r${String(++this.#made)}` : one.id }));
      return this.kept;
    },
    check: async (one): Promise<RuleFault | null> =>
      one.target === '' ? { field: 'target', message: 'none', place: null } : null,
  });
}

describe('an ordered list', () => {
  let engine: Engine;
  const names = () => engine.list.items.map((one) => one.name);
  beforeEach(async () => {
    engine = new Engine();
    for (const name of ['a', 'b', 'c']) {
      engine.list.add(newRoute({ name }));
      await engine.list.save();
    }
  });

  it('saves what was typed, keeps it while one looks elsewhere, and gives it up on demand', async () => {
    engine.list.select('r2');
    engine.list.edit({ name: 'typed' });
    engine.list.select('r1');
    expect([names(), engine.list.changed('r2')]).toEqual([['a', 'b', 'c'], true]);
    engine.list.select('r2');
    expect(engine.list.draft?.name).toBe('typed');
    await engine.list.save();
    expect([names(), engine.kept[1]?.name, engine.list.changed('r2')]).toEqual([['a', 'typed', 'c'], 'typed', false]);
    engine.list.edit({ name: 'other' });
    engine.list.discard();
    expect(engine.list.draft?.name).toBe('typed');
  });

  it('undoes no change with the next one, however quickly they come', async () => {
    await Promise.all([engine.list.toggle('r1'), engine.list.toggle('r2'), engine.list.move('r3', -1)]);
    expect(engine.kept.map((one) => [one.name, one.on])).toEqual([
      ['a', false],
      ['c', true],
      ['b', false],
    ]);
  });

  it('keeps what is typed while it is being saved', async () => {
    engine.list.select('r2');
    engine.list.edit({ name: 'first' });
    const saved = engine.list.save();
    engine.list.edit({ name: 'second' });
    await saved;
    expect([engine.kept[1]?.name, engine.list.draft?.name, engine.list.changed('r2')]).toEqual([
      'first',
      'second',
      true,
    ]);
  });

  it('saves an item that was removed elsewhere as a new one, in the place of no other', async () => {
    engine.list.select('r1');
    engine.list.edit({ name: 'typed' });
    engine.kept = engine.kept.filter((one) => one.id !== 'r1');
    await engine.list.load();
    await engine.list.save();
    expect(engine.kept.map((one) => one.name)).toEqual(['b', 'c', 'typed']);
  });

  it('keeps what was typed where it is refused', async () => {
    engine.list.add(newRoute({ name: 'wrong' }));
    expect(await engine.list.save()).toBe(false);
    expect([engine.list.error?.message, engine.list.draft?.name, engine.kept.length]).toEqual([
      'not saved',
      'wrong',
      3,
    ]);
    engine.list.edit({ name: 'right' });
    expect(await engine.list.save()).toBe(true);
    expect([names(), engine.list.selected]).toEqual([['a', 'b', 'c', 'right'], 'r4']);
  });

  it('moves, switches, removes and brings back in the same place', async () => {
    await engine.list.move('r3', -1);
    await engine.list.move('r1', -1);
    await engine.list.toggle('r2');
    expect([names(), engine.kept.map((one) => one.on)]).toEqual([
      ['a', 'c', 'b'],
      [true, true, false],
    ]);
    engine.list.select('r3');
    await engine.list.remove('r3');
    expect([names(), engine.list.selected]).toEqual([['a', 'b'], 'r2']);
    await engine.list.undo();
    expect([names(), engine.list.selected]).toEqual([['a', 'c', 'b'], 'r3']);
  });

  it('says what is wrong with what is typed', async () => {
    engine.list.select('r1');
    engine.list.edit({ target: '' });
    engine.list.select('r1');
    await Promise.resolve();
    await Promise.resolve();
    expect(engine.list.fault?.field).toBe('target');
  });
});

it.each([
  ['http://localhost:3000', null, '/pollo/a?x=1', 'http://localhost:3000/pollo/a?x=1'],
  ['http://localhost:3000/', null, '/', 'http://localhost:3000/'],
  ['http://localhost:3000/hook', null, '/pollo/a', 'http://localhost:3000/hook'],
  ['http://localhost:3000/hook?k=v', null, '/pollo?x=1', 'http://localhost:3000/hook?k=v&x=1'],
  ['http://localhost:3000/hook/', '/pollo', '/pollo/a/b', 'http://localhost:3000/hook/a/b'],
  ['http://localhost:3000/hook', '/pollo/', '/pollo', 'http://localhost:3000/hook'],
  ['http://localhost:3000/hook', '/poll', '/pollo/a', 'http://localhost:3000/hook/pollo/a'],
  ['localhost', null, '/', null],
])('%s without %s gets %s at %s', (target, strip, path, url) => {
  expect(exampleUrl({ target, strip }, path)).toBe(url);
});

it.each([
  [{}, '200'],
  [{ status: 503, delay_ms: 2000, turn: { kind: 'first', count: 2 } as const }, '503 after 2 s, the first 2 times'],
  [{ fault: 'close', turn: { kind: 'every', count: 5 } as const } as const, 'closes the connection, 1 of 5'],
])('%o reads "%s"', (change, words) => expect(inWords(newRule(change))).toBe(words));
