import { beforeEach, describe, expect, it } from 'vitest';
import type { CommandError, Commands, DeliverySummary, EngineEvent } from '../bindings';
import { Deliveries } from './deliveries.svelte';
import type { Host } from './host';

function row(id: number, change: Partial<DeliverySummary> = {}): DeliverySummary {
  return {
    id: String(id),
    received_at: '2026-11-20T14:02:47.482000Z',
    method: 'POST',
    path: '/pollo',
    query: null,
    provider: 'pollo',
    recognised_by: 'path',
    event_type: 'task.succeed',
    event_id: null,
    body_len: 62,
    body_cut: false,
    status: 200,
    verdicts: [],
    checks: [],
    peer: '127.0.0.1:1',
    pinned: false,
    read: true,
    challenge: false,
    ...change,
  };
}
const added = (id: number): EngineEvent => ({ type: 'delivery_added', delivery: row(id) });
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A log of rows; `odd` as a filter keeps odd ids, `bad` is wrong; answers can be held back by id or filter. */
class Log {
  rows: DeliverySummary[] = [];
  asked: string[] = [];
  held = new Map<string, Promise<void>>();
  /** What restoring answers. */
  restored: number | Error = 1;
  readonly host: Host = {
    call: (async (name: keyof Commands, args: Record<string, never>) => {
      this.asked.push(name);
      return this.#answer(name, args);
    }) as unknown as Host['call'],
    onEvents: async () => () => undefined,
  };

  fill(from: number, to: number): void {
    for (let id = from; id <= to; id++) this.rows.unshift(row(id));
  }

  async #answer(name: keyof Commands, args: Record<string, string | number | null>): Promise<unknown> {
    const filter = String(args['filter'] ?? '');
    const matching = this.rows.filter((one) => filter !== 'odd' || Number(one.id) % 2 === 1);
    const held = this.held.get(name === 'delivery_detail' ? String(args['id']) : `${name} ${filter}`);
    switch (name) {
      case 'filter_parse': {
        const error: CommandError = { code: 'bad_filter', message: 'wrong', detail: { start: 1, len: 2 } };
        if (filter === 'bad') throw error;
        return [];
      }
      case 'deliveries_page': {
        const before = args['before'];
        const rest = before === null ? matching : matching.filter((one) => Number(one.id) < Number(before));
        const items = rest.slice(0, Number(args['limit']));
        // Held back after it was read: the answer is as old as the question.
        await held;
        return { items, next: rest.length > items.length ? items.at(-1)?.id : null };
      }
      case 'deliveries_count':
        return { matched: matching.length, total: this.rows.length, failing: 0, bytes: 0 };
      case 'delivery_detail':
        await held;
        return { summary: this.rows.find((one) => one.id === args['id']) };
      case 'deliveries_restore':
        if (this.restored instanceof Error) throw this.restored;
        return this.restored;
      case 'deliveries_delete':
        return { token: 't', count: (args['ids'] as unknown as string[]).length };
      default:
        return null;
    }
  }
}

const ids = (list: Deliveries) => list.rows.map((one) => Number(one.id));

describe('the list', () => {
  let log: Log;
  let list: Deliveries;
  const errors: CommandError[] = [];
  beforeEach(() => {
    log = new Log();
    errors.length = 0;
    list = new Deliveries(log.host, (error) => errors.push(error));
  });

  it('pages by key, and an arrival between two pages is neither lost nor doubled', async () => {
    log.fill(1, 450);
    await list.reread();
    expect(ids(list).length).toBe(200);
    log.fill(451, 451);
    list.onEvents([added(451)]);
    await list.loadMore();
    await list.loadMore();
    expect(ids(list)).toEqual(Array.from({ length: 451 }, (_, at) => 451 - at));
    expect(list.more).toBe(false);
  });

  it('orders ids as numbers, and an event told twice is one row', async () => {
    log.fill(98, 99);
    await list.reread();
    list.onEvents([added(100), added(101)]);
    list.onEvents([added(100)]);
    expect(ids(list)).toEqual([101, 100, 99, 98]);
  });

  it('follows the newest until the user moves; "n new" then counts, and follows again', async () => {
    log.fill(1, 3);
    await list.reread();
    expect(list.selected).toBe('3');
    list.onEvents([added(4)]);
    expect(list.selected).toBe('4');
    list.move(1);
    expect([list.selected, list.following]).toEqual(['3', false]);
    list.onEvents([added(5), added(6)]);
    expect([list.selected, list.arrived]).toEqual(['3', 2]);
    list.follow();
    expect([list.selected, list.arrived]).toEqual(['6', 0]);
  });

  it('lets the engine judge arrivals while a filter is set', async () => {
    log.fill(1, 3);
    await list.applyFilter('odd');
    expect(ids(list)).toEqual([3, 1]);
    log.fill(4, 5);
    list.onEvents([added(4), added(5)]);
    await turn();
    expect(ids(list)).toEqual([5, 3, 1]);
    expect(list.count).toMatchObject({ matched: 3, total: 5 });
  });

  it('does not lose what arrives or changes while a page is being read', async () => {
    log.fill(1, 2);
    await list.reread();
    let release = (): void => undefined;
    log.held.set('deliveries_page ', new Promise((resolve) => (release = resolve)));
    const reading = list.reread();
    await turn();
    list.onEvents([added(3), { type: 'verdicts_changed', deliveries: [row(1, { event_type: 'changed' })] }]);
    release();
    await reading;
    expect(list.rows.map((one) => [one.id, one.event_type])).toEqual([
      ['3', 'task.succeed'],
      ['2', 'task.succeed'],
      ['1', 'changed'],
    ]);
  });

  it('keeps the rows and says the place where a filter is wrong', async () => {
    log.fill(1, 2);
    await list.applyFilter('');
    await list.applyFilter('bad');
    expect(list.filterError).toEqual({ message: 'wrong', at: { start: 1, len: 2 } });
    expect([ids(list), list.filter]).toEqual([[2, 1], '']);
    await list.applyFilter('');
    expect(list.filterError).toBeNull();
  });

  it('drops the answer to an older filter that comes late', async () => {
    log.fill(1, 3);
    await list.applyFilter('');
    let release = (): void => undefined;
    log.held.set('deliveries_page odd', new Promise((resolve) => (release = resolve)));
    const late = list.applyFilter('odd');
    await turn();
    await list.applyFilter('');
    release();
    await late;
    expect([ids(list), list.filter]).toEqual([[3, 2, 1], '']);
  });

  it('stays usable and true where a wrong filter is typed while the rows of another are read', async () => {
    log.fill(1, 250);
    await list.reread();
    let release = (): void => undefined;
    log.held.set('deliveries_page odd', new Promise((resolve) => (release = resolve)));
    const odd = list.applyFilter('odd');
    await turn();
    await list.applyFilter('bad');
    const again = list.applyFilter('odd');
    release();
    await Promise.all([odd, again]);
    expect([list.loading, list.filterError, list.filter, ids(list).length]).toEqual([false, null, 'odd', 125]);
    await list.applyFilter('');
    await list.applyFilter('bad');
    await list.loadMore();
    expect([list.loading, ids(list).length]).toEqual([false, 250]);
  });

  it('keeps a deletion that could not be undone, and says where nothing came back', async () => {
    log.fill(1, 3);
    await list.reread();
    await list.remove();
    log.restored = new Error('busy');
    await list.undo();
    expect([list.deletions.list.length, list.deletions.shown, errors.at(-1)?.message]).toEqual([1, true, 'busy']);
    log.restored = 0;
    await list.undo();
    expect([list.deletions.list.length, list.deletions.shown, errors.at(-1)?.code]).toEqual([0, false, 'not_found']);
  });

  it('reads the opened detail again where the list changed, and never more than two at once', async () => {
    log.fill(1, 9);
    await list.reread();
    await turn();
    list.onEvents([{ type: 'deliveries_changed' }]);
    await turn();
    expect(log.asked.filter((name) => name === 'delivery_detail').length).toBe(2);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    for (let id = 1; id <= 9; id++) log.held.set(String(id), held);
    for (let at = 0; at < 6; at++) list.move(1);
    await turn();
    expect(log.asked.filter((name) => name === 'delivery_detail').length).toBe(4);
    release();
    await turn();
    await turn();
    expect([list.selected, list.detail.value?.summary.id]).toEqual(['3', '3']);
    expect(log.asked.filter((name) => name === 'delivery_detail').length).toBe(5);
  });

  it('reads the opened detail again where its event comes once more, and where another one comes it does not', async () => {
    log.rows = [row(1, { event_id: 'e' })];
    await list.reread();
    await turn();
    list.select('1');
    const reads = () => log.asked.filter((name) => name === 'delivery_detail').length;
    const before = reads();
    for (const [id, change] of [
      [2, { event_id: 'other' }],
      [3, { event_id: null }],
      [4, { event_id: 'e', provider: 'stripe' }],
    ] as const) {
      list.onEvents([{ type: 'delivery_added', delivery: row(id, change) }]);
    }
    await turn();
    expect(reads() - before).toBe(0);
    list.onEvents([{ type: 'delivery_added', delivery: row(5, { event_id: 'e' }) }]);
    await turn();
    expect(reads() - before).toBe(1);
  });

  it('never shows the detail of an older selection that comes late', async () => {
    log.fill(1, 2);
    await list.reread();
    let release = (): void => undefined;
    log.held.set('1', new Promise((resolve) => (release = resolve)));
    list.select('1');
    list.select('2');
    await turn();
    release();
    await turn();
    expect(list.detail.value?.summary.id).toBe('2');
  });

  it('replaces the badges of rows that were judged again, and nothing else', async () => {
    log.fill(1, 2);
    await list.reread();
    list.onEvents([{ type: 'verdicts_changed', deliveries: [row(1, { event_type: 'changed' }), row(77)] }]);
    expect(list.rows.map((one) => one.event_type)).toEqual(['task.succeed', 'changed']);
  });

  it('marks a range in either direction, and deleting it selects what comes after', async () => {
    log.fill(1, 6);
    await list.reread();
    list.select('3');
    list.markRange('5');
    expect([...list.marked].sort()).toEqual(['3', '4', '5']);
    await list.remove();
    expect(ids(list)).toEqual([6, 2, 1]);
    expect(list.selected).toBe('2');
    expect(list.deletions.list.at(-1)).toEqual({ token: 't', count: 3, groups: 0 });
    expect(list.deletions.shown).toBe(true);
    expect(errors).toEqual([]);
  });
});
