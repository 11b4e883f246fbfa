import { expect, it } from 'vitest';
import type { ExportPreview, FoundInfo } from '../bindings';
import { filterLabel, foundGroups, isExact, markedLabel, maskWords, planWords } from './exportWords';

const found = (kind: FoundInfo['kind'], key: string, change: Partial<FoundInfo> = {}): FoundInfo =>
  ({ kind, key, masked: true, signed: false, ...change }) as FoundInfo;

it('groups what was found, secrets first, kinds without anything too', () => {
  const groups = foundGroups([found('emails', 'json:/a'), found('secrets', 'secret:x'), found('chosen', 'json:/b')]);
  expect(groups.map((group) => [group.kind, group.found.length, group.choosable])).toEqual([
    ['secrets', 1, false],
    ['credentials', 0, true],
    ['cookies', 0, true],
    ['tokens', 0, true],
    ['tunnel_addresses', 0, true],
    ['client_ips', 0, true],
    ['emails', 1, true],
    ['chosen', 1, false],
  ]);
  expect(foundGroups([]).length, 'neither secrets nor paths where there are none').toBe(6);
});

it.each([
  ['header:authorization', false, false],
  ['header:x-signed', true, true],
  ['json:/mail', false, true],
  ['form:token', false, true],
  ['query:token', false, false],
  ['answer:set-cookie', false, false],
])('%s (signed: %s) is left alone by exact bytes: %s', (key, signed, exact) => {
  expect(isExact(found('credentials', key, { signed }))).toBe(exact);
});

it('says how much goes out and how much of it is masked', () => {
  const preview = (change: Partial<ExportPreview>): ExportPreview =>
    ({ deliveries: 1, searched: 1, files: 1, bytes: 62, found: [], ...change }) as ExportPreview;
  expect(planWords(preview({}))).toBe('1 delivery in 1 file, 62 B.');
  expect(planWords(preview({ deliveries: 10_000, searched: 2000, bytes: 9_100_000 }))).toBe(
    '10,000 deliveries in 1 file, about 9.1 MB.',
  );
  expect(maskWords(preview({}))).toBe('Nothing was found that may be masked.');
  const both = [found('emails', 'a', { masked: false }), found('emails', 'b'), found('emails', 'c')];
  expect(maskWords(preview({ found: both }))).toBe('2 places are masked, 1 place leaves as it is.');
});

it('names what can be exported', () => {
  expect([markedLabel(1), markedLabel(1200)]).toEqual(['The one selected', 'The 1,200 selected']);
  expect([filterLabel('', 9), filterLabel('path:/x', 1), filterLabel('path:/x', null)]).toEqual([
    'All 9 in the log',
    'The one that the filter shows',
    'All that the filter shows',
  ]);
});
