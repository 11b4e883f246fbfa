import { beforeEach, describe, expect, it } from 'vitest';
import type { Commands, DeliverySummary, EngineEvent } from '../bindings';
import { Deliveries } from './deliveries.svelte';
import type { Host } from './host';

/** A log of deliveries of events: each is its event's letter, `.` for one without a name. The engine's part of grouping
 * is done here in the plainest way. */
class Log {
  rows: DeliverySummary[] = [];
  deleted: { ids: string[]; groups: string[] }[] = [];
  grouped = true;
  /** A filter keeps what was answered with that status. */
  readonly host: Host = {
    call: (async (name: keyof Commands, args: Record<string, never>) =>
      this.#answer(name, args)) as unknown as Host['call'],
    onEvents: async () => () => undefined,
  };

  /** Appends deliveries and answers what the engine tells of them. */
  add(events: string, status = 200): EngineEvent[] {
    return [...events].map((event) => {
      const id = this.rows.length + 1;
      this.rows.unshift({
        id: String(id),
        received_at: `2026-11-20T14:00:${String(id).padStart(2, '0')}.000000Z`,
        provider: 'pollo',
        event_type: 'task',
        event_id: event === '.' ? null : event,
        status,
        read: true,
        pinned: false,
        verdicts: [],
      } as unknown as DeliverySummary);
      return { type: 'delivery_added', delivery: this.#whole(this.rows[0] as DeliverySummary) };
    });
  }

  #of(row: DeliverySummary): DeliverySummary[] {
    return row.event_id === null ? [row] : this.rows.filter((one) => one.event_id === row.event_id);
  }

  #whole(row: DeliverySummary): DeliverySummary {
    if (row.event_id === null) return row;
    const all = this.#of(row);
    const [last, first] = [all[0], all.at(-1)];
    if (!last || !first) return row;
    const group = { key: row.event_id, count: all.length, first_at: first.received_at, last_at: last.received_at };
    return { ...row, group: { ...group, different_bodies: false } };
  }

  #answer(name: keyof Commands, args: Record<string, unknown>): unknown {
    const filter = String(args['filter'] ?? '');
    const matching = this.rows.filter((row) => filter === '' || String(row.status) === filter);
    switch (name) {
      case 'filter_parse':
        return [];
      case 'deliveries_page': {
        const first = (row: DeliverySummary): boolean =>
          row.event_id === null || matching.find((one) => one.event_id === row.event_id) === row;
        const all = args['grouped'] === true ? matching.filter(first).map((row) => this.#whole(row)) : matching;
        const rest = args['before'] === null ? all : all.filter((row) => Number(row.id) < Number(args['before']));
        const items = rest.slice(0, Number(args['limit']));
        return { items, next: rest.length > items.length ? items.at(-1)?.id : null };
      }
      case 'delivery_group': {
        const row = this.rows.find((one) => one.id === args['id']);
        return row ? this.#of(row) : [];
      }
      case 'deliveries_count':
        return { matched: matching.length, total: this.rows.length, failing: 0, bytes: 0 };
      case 'delivery_detail':
        return { summary: this.rows.find((one) => one.id === args['id']) };
      case 'deliveries_delete': {
        const asked = args as unknown as { ids: string[]; groups: string[] };
        this.deleted.push(asked);
        const whole = asked.groups.flatMap((id) => this.#of(this.rows.find((one) => one.id === id) as DeliverySummary));
        const gone = new Set([...asked.ids, ...whole.map((row) => row.id)]);
        this.rows = this.rows.filter((row) => !gone.has(row.id));
        return { token: 't', count: gone.size };
      }
      default:
        return null;
    }
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('groups in the list', () => {
  let log: Log;
  let list: Deliveries;
  /** The lines: `5×3` stands for three, `>` is open, members are indented; `*` is selected, `x` marked. */
  const shown = () =>
    list.lines.map(({ row, parent }, at) => {
      const count = parent === null && list.grouped ? (row.group?.count ?? 1) : 1;
      const mark = (at === list.selectedIndex ? '*' : '') + (list.marked.has(row.id) ? 'x' : '');
      return `${parent ? '  ' : ''}${row.id}${count > 1 ? `×${count}` : ''}${mark}`;
    });
  beforeEach(async () => {
    log = new Log();
    list = new Deliveries(
      log.host,
      (error) => expect(error).toBeNull(),
      () => log.grouped,
    );
    log.add('ab.aca');
    await list.reread();
  });

  it('has an event once, as its newest delivery, and a member that arrives moves it to the top', () => {
    expect(shown()).toEqual(['6×3*', '5', '3', '2']);
    list.select('5');
    list.onEvents(log.add('b'));
    expect(shown()).toEqual(['7×2', '6×3', '5*', '3']);
    expect(list.arrived).toBe(1);
  });

  it('tells what comes late from what is new', () => {
    const [first, second] = log.add('bb');
    list.onEvents([second as EngineEvent]);
    list.onEvents([first as EngineEvent]);
    expect(shown()).toEqual(['8×3*', '6×3', '5', '3']);
  });

  it('keeps what is opened and marked where a newer delivery of its event stands for it now', async () => {
    list.select('2');
    list.toggleMark('2');
    list.onEvents(log.add('b'));
    expect(shown()).toEqual(['7×2*x', '6×3', '5', '3']);
    expect([list.selected, list.detail.id]).toEqual(['2', '2']);
    list.move(1);
    expect(list.selected).toBe('6');
    await list.reread();
    expect(list.selected).toBe('6');
  });

  it('lists the members of an open group, walks through them and folds them again', async () => {
    await list.openGroup();
    expect(shown()).toEqual(['6×3*', '  4', '  1', '5', '3', '2']);
    list.move(1);
    list.move(1);
    list.move(1);
    expect(list.selected).toBe('5');
    list.move(-1);
    expect(shown()).toEqual(['6×3', '  4', '  1*', '5', '3', '2']);
    list.markRange('4');
    expect([...list.marked].sort()).toEqual(['1', '4']);
    list.marked.clear();
    list.closeGroup();
    expect(shown()).toEqual(['6×3*', '5', '3', '2']);
  });

  it('keeps an open group open when it grows: what stood for it is a member', async () => {
    list.select('6');
    await list.openGroup();
    list.onEvents(log.add('aa'));
    expect(shown()).toEqual(['8×5', '  6*', '  4', '  1', '5', '3', '2']);
    await turn();
    expect(shown()).toEqual(['8×5', '  7', '  6*', '  4', '  1', '5', '3', '2']);
  });

  it('deletes a closed group whole and of an open one only the delivery', async () => {
    list.select('6');
    await list.remove();
    expect(log.deleted.at(-1)).toEqual({ ids: [], groups: ['6'] });
    expect(list.deletions.list.at(-1)).toEqual({ token: 't', count: 3, groups: 1 });
    expect(shown()).toEqual(['5*', '3', '2']);

    list.onEvents(log.add('cc'));
    await list.toggleGroup(list.rows[0]?.id ?? '');
    list.select('5');
    await list.remove();
    expect(log.deleted.at(-1)).toEqual({ ids: ['5'], groups: [] });
  });

  it('deletes the group of a delivery that another stands for', async () => {
    list.select('2');
    list.onEvents(log.add('b'));
    await list.remove();
    expect(log.deleted.at(-1)).toEqual({ ids: [], groups: ['2'] });
    expect(shown()).toEqual(['6×3*', '5', '3']);
  });

  it('lets the newest of an open group go, and the next stands for it', async () => {
    list.select('6');
    await list.openGroup();
    await list.remove();
    expect(log.deleted.at(-1)).toEqual({ ids: ['6'], groups: [] });
    list.onEvents([{ type: 'deliveries_changed' }]);
    await turn();
    await turn();
    expect(shown()).toEqual(['5', '4×2*', '  1', '3', '2']);
  });

  it('shows a group that a filter finds as its newest match, with all its members', async () => {
    log.add('a', 503);
    log.add('a', 200);
    await list.applyFilter('503');
    expect(shown()).toEqual(['7×5*']);
    await list.openGroup();
    expect(shown()).toEqual(['7×5*', '  8', '  6', '  4', '  1']);
  });

  it('shows each delivery where the user wants no groups, and folds them again', async () => {
    log.grouped = false;
    list.onEvents([{ type: 'settings_changed', settings: {} as never }]);
    await turn();
    expect(shown()).toEqual(['6*', '5', '4', '3', '2', '1']);
    list.onEvents(log.add('a'));
    expect(shown()).toEqual(['7*', '6', '5', '4', '3', '2', '1']);
    log.grouped = true;
    list.onEvents([{ type: 'settings_changed', settings: {} as never }]);
    await turn();
    expect(shown()).toEqual(['7×4*', '5', '3', '2']);
  });
});
