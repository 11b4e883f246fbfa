import { expect, it } from 'vitest';
import type { ExpectedId } from '../bindings';
import { ExpectedIds } from './expected.svelte';
import type { Host } from './host';
import { readIds } from './readIds';

it.each([
  ['lines', 'a\nb\r\nc', ['a', 'b', 'c']],
  ['commas', 'a, b,,c', ['a', 'b', 'c']],
  ['repeats', 'a b a', ['a', 'b']],
  ['nothing', ' \n, ', []],
])('readIds: %s', (_name, text, ids) => {
  expect(readIds(text)).toEqual(ids);
});

it('the answer for the provider before does not fill the list of the next', async () => {
  const answers: ((ids: ExpectedId[]) => void)[] = [];
  const host = {
    call: () => new Promise((answer) => answers.push(answer as (ids: ExpectedId[]) => void)),
  } as unknown as Host;
  const expected = new ExpectedIds(host);
  const first = expected.open('one');
  const second = expected.open('two');
  answers[1]?.([{ id: '2', matched_by: null }]);
  answers[0]?.([{ id: '1', matched_by: null }]);
  await Promise.all([first, second]);
  expect(expected.list.map((one) => one.id)).toEqual(['2']);
});
