import { describe, expect, it } from 'vitest';
import type { ImportItem, ImportPreview } from '../bindings';
import { aboutWords, placeWords, previewLines, shortName, titleOf } from './importWords';

const item = (change: Partial<ImportItem> = {}): ImportItem => ({
  file: 'a',
  item: 1,
  line: null,
  title: 'POST /x',
  outcome: 'ready',
  delivery: null,
  reason: null,
  received_at: null,
  provider: 'pollo',
  event_type: 'job.done',
  method: 'POST',
  path: '/x',
  body_len: 1200,
  notes: [],
  ...change,
});
const broken = (change: Partial<ImportItem> = {}): ImportItem =>
  item({
    outcome: 'failed',
    reason: 'It is not JSON.',
    title: '',
    provider: null,
    event_type: null,
    method: null,
    path: null,
    body_len: null,
    ...change,
  });
const upper = (id: string) => id.toUpperCase();

describe('an item', () => {
  it.each([
    ['with its event', item(), 'job.done', 'POLLO · POST /x · 1.2 KB', 'item 1'],
    [
      'of no provider',
      item({ provider: null, event_type: null }),
      'POST /x',
      'no provider recognised · POST /x · 1.2 KB',
      'item 1',
    ],
    [
      'that is there',
      item({ outcome: 'duplicate', provider: null, event_type: null, line: 9 }),
      'POST /x',
      'POST /x · 1.2 KB',
      'item 1 · line 9',
    ],
    ['that is broken', broken({ item: 3, line: 12 }), 'Item 3', 'Line 12: It is not JSON.', 'item 3 · line 12'],
    ['a whole file', broken({ item: 0 }), 'The whole file', 'It is not JSON.', ''],
  ])('%s', (_, one, title, about, place) => {
    expect([titleOf(one), aboutWords(one, upper), placeWords(one)]).toEqual([title, about, place]);
  });
});

it('names a file by the last part of its path', () => {
  expect(['/a/b.har', 'C:\\x\\y.json', 'pasted text', '/a/'].map(shortName)).toEqual([
    'b.har',
    'y.json',
    'pasted text',
    'a',
  ]);
});

describe('the lines of a preview', () => {
  const file = (name: string) => ({ file: name, format: null, label: null, deliveries: 1, faults: 0 });
  const preview = {
    files: [file('a'), file('empty'), file('b')],
    items: [item(), broken({ item: 2 }), item({ file: 'b' })],
  } as unknown as ImportPreview;
  const shown = (only: 'all' | 'failed' | 'duplicate') =>
    previewLines(preview, only).map((line) =>
      line.kind === 'file' ? line.file.file : `${line.item.file}${line.item.item}`,
    );

  it('are its files with their items', () => {
    expect(shown('all')).toEqual(['a', 'a1', 'a2', 'empty', 'b', 'b1']);
  });
  it('are only what is broken, with the files of that', () => {
    expect([shown('failed'), shown('duplicate')]).toEqual([['a', 'a2'], []]);
  });
});
