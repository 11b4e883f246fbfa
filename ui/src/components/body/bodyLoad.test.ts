import { beforeEach, expect, it, vi } from 'vitest';
import { BodyLoad } from './bodyLoad.svelte';

type Bytes = Uint8Array<ArrayBuffer>;
let asked: { id: string; answer: (bytes: Bytes) => void; refuse: (error: unknown) => void }[];
let load: BodyLoad;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  load = new BodyLoad((id) => new Promise((answer, refuse) => asked.push({ id, answer, refuse })));
});

it('an answer for an older delivery never takes the place of a newer one', async () => {
  const first = load.open('1');
  const second = load.open('2');
  asked[1]?.answer(Uint8Array.of(2));
  asked[0]?.answer(Uint8Array.of(1));
  await Promise.all([first, second]);
  expect(load.bytes).toEqual(Uint8Array.of(2));
});

it('an older error says nothing about the newer one', async () => {
  const first = load.open('1');
  const second = load.open('2');
  asked[0]?.refuse({ code: 'not_found', message: 'gone', detail: null });
  await first;
  expect(load.error).toBe(null);
  asked[1]?.refuse({ code: 'failed', message: 'The log could not be read.', detail: null });
  await second;
  expect(load.error).toBe('The log could not be read.');
});

it('is slow after 300 ms and not before, and no longer once it is there', async () => {
  const opened = load.open('1');
  vi.advanceTimersByTime(299);
  expect(load.slow).toBe(false);
  vi.advanceTimersByTime(1);
  expect(load.slow).toBe(true);
  asked[0]?.answer(Uint8Array.of());
  await opened;
  expect(load.slow).toBe(false);
});
