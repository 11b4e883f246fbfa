import { describe, expect, it } from 'vitest';
import type { AppState, EngineEvent } from '../bindings';
import { App } from './app.svelte';
import type { Host } from './host';

function state(seq: number): AppState {
  return {
    version: '0.1.0',
    listener: { listening: true, addr: '127.0.0.1:4400', url: 'http://127.0.0.1:4400', tls: null, message: null },
    tunnel: { phase: 'off', program: null, public_url: null, own_url: null, message: null, lines: [] },
    log: { path: 'log', set_aside: null, trouble: null },
    secrets: { kind: 'keychain', words: '' },
    settings: {
      theme: 'dark',
      grouped: true,
      zoom: 100,
      list_width: 520,
      port: 4400,
      everywhere: false,
      tls: { kind: 'off' },
      body_limit: 1,
      snippet_language: 'node',
      export: { format: 'fixtures', zip: false, folder: '', file: '', kinds: [], pointers: [] },
    },
    seq,
    rejudge: null,
  };
}

const rejudge = (done: number): EngineEvent => ({
  type: 'rejudge',
  done,
  total: 9,
  changed: 0,
  now_pass: 0,
  state: 'running',
});
const done = (events: readonly EngineEvent[]): number[] =>
  events.map((event) => (event.type === 'rejudge' ? event.done : -1));

/** An app whose state reads answer only when told to, and what its parts were told. */
function started(seqs: number[]) {
  const heard: (number[] | 'reread')[] = [];
  const answers: (() => void)[] = [];
  let reads = 0;
  const host: Host = {
    call: (async () => {
      const seq = seqs[reads] ?? 0;
      reads += 1;
      await new Promise<void>((resolve) => answers.push(resolve));
      return state(seq);
    }) as unknown as Host['call'],
    onEvents: async () => () => undefined,
  };
  const app = new App(host);
  app.subscribe({ onEvents: (events) => heard.push(done(events)), onReread: () => heard.push('reread') });
  const settle = async () => {
    // One turn of the loop lets every pending promise run.
    await new Promise((resolve) => setImmediate(resolve));
    answers.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { app, heard, settle, reads: () => reads };
}

describe('the event stream', () => {
  it('keeps what arrives while the state is read, and skips what the state contains', async () => {
    const { app, heard, settle } = started([10]);
    void app.start();
    app.receive({ first_seq: 9, events: [rejudge(9), rejudge(10), rejudge(11)] });
    expect(heard).toEqual([]);
    await settle();
    expect(heard).toEqual(['reread', [11]]);
  });

  it('reads everything again where a number is missing, once', async () => {
    const { app, heard, settle, reads } = started([10, 14]);
    void app.start();
    await settle();
    app.receive({ first_seq: 11, events: [rejudge(11)] });
    app.receive({ first_seq: 13, events: [rejudge(13)] });
    app.receive({ first_seq: 14, events: [rejudge(14), rejudge(15)] });
    await settle();
    expect(heard).toEqual(['reread', [11], 'reread', [15]]);
    expect(reads()).toBe(2);
  });

  it('ignores a batch that was applied already', async () => {
    const { app, heard, settle } = started([10]);
    void app.start();
    await settle();
    app.receive({ first_seq: 11, events: [rejudge(11)] });
    app.receive({ first_seq: 11, events: [rejudge(11)] });
    expect(heard).toEqual(['reread', [11]]);
  });

  it('starts from the state that a reset carries, whatever number it has', async () => {
    const { app, heard, settle, reads } = started([10]);
    void app.start();
    await settle();
    app.receive({ first_seq: 40, events: [rejudge(40), { type: 'reset', state: state(41) }, rejudge(42)] });
    app.receive({ first_seq: 43, events: [rejudge(43)] });
    expect(heard).toEqual(['reread', 'reread', [-1, 42], [43]]);
    expect(app.rejudge?.done).toBe(43);
    expect(reads()).toBe(1);
  });
});
