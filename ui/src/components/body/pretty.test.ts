import { expect, it } from 'vitest';
import { format } from './format';
import { type JsonDoc, readJson } from './json';
import { Pretty } from './pretty.svelte';

function read(source: string): JsonDoc {
  const result = readJson(source);
  if ('error' in result) throw new Error(result.error.message);
  return result.doc;
}
const large = read(`[${'"0123456789",'.repeat(200_000)}0]`);

it('a small document is there without a pause', () => {
  const pretty = new Pretty();
  void pretty.format(read('[1]'));
  expect(pretty.text).toBe('[\n  1\n]');
});

it('the pieces of a large one are the whole', async () => {
  const pretty = new Pretty();
  await pretty.format(large);
  expect(pretty.text).toBe(format(large));
  expect(pretty.text?.length).toBe(200_000 * 16 + 7);
});

it('a document that is no longer wanted does not come', async () => {
  const pretty = new Pretty();
  const first = pretty.format(large);
  void pretty.format(read('1'));
  await first;
  expect(pretty.text).toBe('1');
});
