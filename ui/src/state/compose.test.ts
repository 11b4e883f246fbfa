import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { AttemptInfo, Draft, DraftPreview, DraftStart, SigningChoice } from '../bindings';
import { Compose } from './compose.svelte';
import type { Host } from './host';
import { EDIT_UP_TO, PREVIEW_AFTER, type Work } from './work.svelte';

interface Asked {
  name: string;
  args: Record<string, unknown>;
  answer: (result: unknown) => void;
  refuse: (error: unknown) => void;
}

let asked: Asked[];
let bodies: Map<string, Uint8Array>;
let compose: Compose;

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await vi.advanceTimersByTimeAsync(0);
};
const pause = (): Promise<void> => vi.advanceTimersByTimeAsync(PREVIEW_AFTER).then(() => undefined);
const open = (name: string): Asked[] => asked.filter((one) => one.name === name);
const last = (name: string): Asked => {
  const found = open(name).at(-1);
  if (!found) throw new Error(`${name} was not asked`);
  return found;
};

const signing: SigningChoice = {
  provider: 'pollo',
  mode: { kind: 'sign', secret: 'main', timestamp: { kind: 'now' }, new_id: false },
};
const draft = (change: Partial<Draft> = {}): Draft => ({
  method: 'POST',
  url: 'http://localhost:3000/',
  headers: [
    { name: { text: 'Host' }, value: { text: 'localhost:3000' }, on: true, follows: true },
    { name: { text: 'X-A' }, value: { text: '1' }, on: true, follows: false },
    { name: { text: 'x-a' }, value: { text: '2' }, on: true, follows: false },
  ],
  body: { kind: 'text', text: '{"pages":8}' },
  fill: false,
  ...change,
});
const begun = (change: Partial<DraftStart> = {}): DraftStart => ({
  draft: draft(),
  title: 'delivery 41',
  delivery: '41',
  signing,
  notes: [],
  ...change,
});
const preview = (words: string, problem: string | null = null): DraftPreview => ({
  url: words,
  headers: [],
  body_len: 0,
  verdict: null,
  notes: [],
  problem,
});
const attempt = (id: string, delivery: string | null = '41'): AttemptInfo => ({
  id,
  delivery,
  kind: 'draft',
  signing: null,
  as_expected: null,
  name: '',
  method: 'POST',
  url: '',
  state: 'answered',
  started_at: '2026-11-20T14:00:00Z',
  status: 200,
  error: null,
  connected_us: 1,
  tls_us: null,
  first_byte_us: 2,
  total_us: 3,
  reply_len: 0,
  reply_cut: false,
});

/** Begins a draft and answers what is asked for it. */
async function start(change: Partial<DraftStart> = {}, id = '41'): Promise<Work> {
  const began = compose.start({ kind: 'delivery', id });
  last('draft_start').answer(begun(change));
  await began;
  await settle();
  if (!compose.work) throw new Error('nothing was begun');
  return compose.work;
}

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  bodies = new Map();
  const host = {
    call: (name: string, args: Record<string, unknown>) =>
      new Promise((answer, refuse) => {
        asked.push({ name, args, answer, refuse });
      }),
    onEvents: () => Promise.resolve(() => undefined),
  } as unknown as Host;
  compose = new Compose(host, (id) => Promise.resolve(bodies.get(id) ?? new Uint8Array()));
});

describe('the preview', () => {
  it('waits for a pause, and asks for what stands there and for the signature kept', async () => {
    const work = await start();
    asked = [];
    work.edit({ url: 'http://a/' });
    work.edit({ url: 'http://ab/' });
    await vi.advanceTimersByTimeAsync(PREVIEW_AFTER - 1);
    expect(asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked.map(({ name, args }) => [name, (args['draft'] as Draft).url, args['signing']])).toEqual([
      ['draft_preview', 'http://ab/', signing],
      ['draft_preview', 'http://ab/', { provider: 'pollo', mode: { kind: 'keep' } }],
    ]);
  });

  it('drops the answer to an older question, and one that comes after another change', async () => {
    const work = await start();
    work.edit({ url: 'http://old/', kind: 'keep' });
    await pause();
    const old = last('draft_preview');
    work.edit({ url: 'http://new/' });
    await pause();
    last('draft_preview').answer(preview('new'));
    await settle();
    old.answer(preview('old'));
    await settle();
    expect(work.preview?.url).toBe('new');
    expect(work.previewing).toBe(false);

    work.edit({ url: 'http://newer/' });
    await pause();
    work.edit({ url: 'http://newest/' });
    last('draft_preview').answer(preview('newer'));
    await settle();
    expect(work.preview?.url).toBe('new');
    expect(work.previewing).toBe(true);
  });

  it('keeps a verdict of its own for the signature as it was captured', async () => {
    const work = await start();
    const [signed, kept] = open('draft_preview');
    signed?.answer(preview('signed'));
    const verdict = { outcome: 'fail', reason: 'It does not match.', accept: false, answer: '401' } as const;
    kept?.answer({ ...preview('kept'), verdict });
    await settle();
    expect([work.preview?.url, work.keepVerdict]).toEqual(['signed', verdict]);
  });

  it('lets a problem alone keep it from being sent', async () => {
    const work = await start();
    expect(work.canSend).toBe(true);
    for (const one of open('draft_preview')) one.answer(preview('', 'No secret is stored.'));
    await settle();
    expect([work.canSend, work.problem]).toEqual([false, 'No secret is stored.']);
    asked = [];
    await work.send();
    expect(asked).toEqual([]);
  });
});

describe('sending', () => {
  it('hands over what stands there, and shows what came back', async () => {
    const work = await start();
    work.edit({ method: 'PUT' });
    const sent = work.send();
    const { args } = last('draft_send');
    expect(args).toEqual({
      token: work.sending?.token,
      delivery: '41',
      draft: draft({ method: 'PUT' }),
      signing,
      options: { timeout_ms: 30_000, any_certificate: false, follow_redirects: false },
    });
    expect(work.canSend).toBe(false);
    last('draft_send').answer(attempt('7'));
    await settle();
    last('attempt_detail').answer({ info: attempt('7') });
    await sent;
    expect([work.sending, work.shown, work.answer?.info.id]).toEqual([null, '7', '7']);
  });

  it('cancels by its token, once, and ends with what the engine says', async () => {
    const work = await start();
    const sent = work.send();
    const token = work.sending?.token;
    void work.cancel();
    void work.cancel();
    expect(open('send_cancel').map(({ args }) => args)).toEqual([{ token }]);
    expect(work.sending?.cancelled).toBe(true);
    last('draft_send').refuse({ code: 'failed', message: 'It was cancelled.', detail: null });
    await sent;
    expect([work.sending, work.sendError?.message]).toEqual([null, 'It was cancelled.']);
    void work.send();
    expect(work.sending?.token).not.toBe(token);
  });

  it('shows the attempt that was chosen last, however late an answer is', async () => {
    const work = await start();
    const first = work.show(attempt('1'));
    const slow = last('attempt_detail');
    const second = work.show(attempt('2'));
    last('attempt_detail').answer({ info: attempt('2') });
    slow.answer({ info: attempt('1') });
    await Promise.all([first, second]);
    expect(work.answer?.info.id).toBe('2');
  });
});

describe('a secret that is typed in', () => {
  const SECRET = 'whsec_never_kept';

  it('is sent, and in nothing that is kept', async () => {
    const work = await start();
    work.edit({ kind: 'other', otherSecret: SECRET });
    void work.send();
    expect((last('draft_send').args['signing'] as SigningChoice).mode).toEqual({ kind: 'other', value: SECRET });
    void compose.saveTemplate(' mine ');
    expect(last('template_save').args).toEqual({
      name: 'mine',
      draft: draft(),
      signing: { provider: 'pollo', mode: { kind: 'other', value: '' } },
    });
    expect(JSON.stringify(work)).not.toContain(SECRET);
    expect(JSON.stringify(compose)).not.toContain(SECRET);
  });

  it('is forgotten when the draft is put aside', async () => {
    const work = await start();
    work.edit({ kind: 'other', otherSecret: SECRET, url: 'http://changed/' });
    await start({}, '42');
    compose.undo();
    expect(compose.work).toBe(work);
    expect([work.otherSecret, work.kind, work.url]).toEqual(['', 'other', 'http://changed/']);
  });
});

describe('drafts that were put aside', () => {
  it('come back with everything that was typed', async () => {
    const work = await start();
    work.edit({ body: { kind: 'text', text: 'typed' } });
    work.headers.add();
    const other = await start({ title: 'delivery 42' }, '42');
    expect(compose.replaced).toBe(work);
    expect(compose.recent).toEqual([work]);
    compose.undo();
    expect(compose.work).toBe(work);
    expect(work.body).toEqual({ kind: 'text', text: 'typed' });
    expect(compose.replaced).toBe(null);
    // The other one was not touched: it can be begun again.
    expect(compose.recent).not.toContain(other);
  });

  it('are kept when the start page is gone back to, and none is kept that nobody changed', async () => {
    await start();
    compose.close();
    expect([compose.work, compose.recent]).toEqual([null, []]);
    const work = await start();
    work.edit({ method: 'PUT' });
    compose.close();
    expect(compose.recent).toEqual([work]);
  });

  it('take no place of a draft whose beginning failed', async () => {
    const work = await start();
    const began = compose.start({ kind: 'pasted', text: 'nonsense' });
    last('draft_start').refuse({ code: 'bad_input', message: 'Not a command.', detail: { start: 0, len: 8 } });
    expect(await began).toBe(false);
    expect([compose.work, compose.error?.message, compose.errorOf]).toEqual([work, 'Not a command.', 'pasted']);
  });

  it('are begun by the last one who asked', async () => {
    const first = compose.start({ kind: 'delivery', id: '1' });
    const slow = last('draft_start');
    const second = compose.start({ kind: 'delivery', id: '2' });
    last('draft_start').answer(begun({ title: 'second' }));
    slow.answer(begun({ title: 'first' }));
    expect(await Promise.all([first, second])).toEqual([false, true]);
    expect(compose.work?.title).toBe('second');
  });
});

describe('headers', () => {
  const names = (work: Work): string[] => work.headers.list().map(({ name, value }) => `${name.text}=${value.text}`);

  it('are added, moved, edited and removed in their order, duplicates kept', async () => {
    const work = await start();
    const [host, first, second] = work.headers.rows.map(({ key }) => key);
    work.headers.move(second ?? -1, -1);
    work.headers.move(host ?? -1, -1);
    expect(names(work)).toEqual(['Host=localhost:3000', 'x-a=2', 'X-A=1']);
    const key = work.headers.add(second);
    expect(names(work)).toEqual(['Host=localhost:3000', 'x-a=2', 'X-A=1']);
    work.headers.edit(key, { name: 'X-B', value: '3' });
    expect(names(work)).toEqual(['Host=localhost:3000', 'x-a=2', 'X-B=3', 'X-A=1']);
    work.headers.remove(first ?? -1);
    expect(names(work)).toEqual(['Host=localhost:3000', 'x-a=2', 'X-B=3']);
    expect(work.changed).toBe(true);
  });

  it('drop bytes that are no text only where their text was edited', async () => {
    const header = { name: { text: 'X-A' }, value: { text: '\ufffd', base64: '/w==' }, on: true, follows: false };
    const work = await start({ draft: draft({ headers: [header] }) });
    const key = work.headers.rows[0]?.key ?? -1;
    work.headers.edit(key, { name: 'X-B' });
    expect(work.headers.list()[0]?.value).toEqual({ text: '\ufffd', base64: '/w==' });
    work.headers.edit(key, { value: 'y' });
    expect(work.headers.list()[0]?.value).toEqual({ text: 'y' });
  });

  it('stand beside what leaves of them, one by one where a name is there twice', async () => {
    const work = await start();
    work.headers.edit(work.headers.rows[1]?.key ?? -1, { on: false });
    const leaves = (name: string, value: string) => ({
      name: { text: name },
      value: { text: value },
      signed: name === 'Sig',
      follows: false,
      credential: false,
    });
    const beside = work.headers.beside([leaves('X-A', '2'), leaves('X-A', 'again'), leaves('Sig', 's')]);
    expect(beside.rows.map(({ row, leaves: left }) => [row.value.text, left?.value.text ?? null])).toEqual([
      ['localhost:3000', null],
      ['1', null],
      ['2', '2'],
    ]);
    expect(beside.added.map(({ value }) => value.text)).toEqual(['again', 's']);
  });
});

describe('bodies', () => {
  const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
  const opened = async (bytes: Uint8Array, len = bytes.length): Promise<Work> => {
    bodies.set('41', bytes);
    const work = await start({ draft: draft({ body: { kind: 'of_delivery', id: '41', len } }) });
    await settle();
    return work;
  };

  it.each([
    ['a text is edited', utf8('{"a":1}'), undefined, { kind: 'text', text: '{"a":1}' }],
    ['a byte order mark stays', utf8('\ufeff{}'), undefined, { kind: 'text', text: '\ufeff{}' }],
    ['bytes stay untouched', Uint8Array.of(0xff, 0), undefined, { kind: 'of_delivery', id: '41', len: 2 }],
    ['a cut one stays untouched', utf8('{"a'), 900, { kind: 'of_delivery', id: '41', len: 900 }],
    [
      'a large one stays untouched',
      new Uint8Array(EDIT_UP_TO + 1),
      undefined,
      { kind: 'of_delivery', id: '41', len: EDIT_UP_TO + 1 },
    ],
  ])('%s', async (_, bytes, len, body) => {
    const work = await opened(bytes, len);
    expect(work.body).toEqual(body);
    expect([work.changed, work.bodyChanged]).toEqual([false, false]);
  });

  it('are not taken back by one that is read late', async () => {
    let give: (bytes: Uint8Array) => void = () => undefined;
    compose = new Compose(
      {
        call: (name: string, args: never) =>
          new Promise((answer, refuse) => asked.push({ name, args, answer, refuse })),
      } as unknown as Host,
      () => new Promise((answer) => (give = answer)),
    );
    const work = await start({ draft: draft({ body: { kind: 'of_delivery', id: '41', len: 2 } }) });
    work.edit({ body: { kind: 'text', text: 'mine' } });
    give(utf8('{}'));
    await settle();
    expect(work.body).toEqual({ kind: 'text', text: 'mine' });
    expect(work.changed).toBe(true);
  });
});

describe('the signature', () => {
  it('forgets secret and fault of another provider', async () => {
    const work = await start();
    work.edit({ kind: 'break', fault: { name: 'stale', age_s: 3600 } });
    expect(work.choice.mode).toEqual({ kind: 'break', secret: 'main', fault: { name: 'stale', age_s: 3600 } });
    work.edit({ provider: 'videopilot', kind: 'sign' });
    expect(work.choice).toEqual({
      provider: 'videopilot',
      mode: { kind: 'sign', secret: null, timestamp: { kind: 'now' }, new_id: false },
    });
    work.edit({ provider: null });
    expect(work.choice).toEqual({ provider: null, mode: { kind: 'keep' } });
  });

  it('reads how a provider can sign once, and again when the providers changed', async () => {
    void compose.loadSigning('pollo');
    void compose.loadSigning('pollo');
    expect(open('signing_options')).toHaveLength(1);
    last('signing_options').answer({ provider: 'pollo', secrets: ['a'] });
    await settle();
    compose.onEvents([{ type: 'providers_changed' }]);
    expect(open('signing_options')).toHaveLength(2);
    expect(compose.signingOf('pollo')?.secrets).toEqual(['a']);
  });
});

describe('attempts', () => {
  it('are those of the delivery, the newest first', async () => {
    await start();
    last('delivery_detail').answer({ attempts: [attempt('1'), attempt('2')] });
    await settle();
    expect(compose.attempts.map(({ id }) => id)).toEqual(['2', '1']);
  });

  it('are those of what was composed, where there is no delivery', async () => {
    await start({ delivery: null });
    last('attempts_page').answer([attempt('3', null), attempt('2', '41'), attempt('1', null)]);
    await settle();
    expect(compose.attempts.map(({ id }) => id)).toEqual(['3', '1']);
  });

  it('are read again when the engine says so, and only then', async () => {
    await start();
    last('delivery_detail').answer({ attempts: [] });
    await settle();
    asked = [];
    compose.onEvents([{ type: 'attempts_changed', delivery: '40' }]);
    compose.onEvents([{ type: 'attempts_changed', delivery: null }]);
    expect(asked).toEqual([]);
    compose.onEvents([{ type: 'attempts_changed', delivery: '41' }]);
    expect(asked.map(({ name, args }) => [name, args])).toEqual([['delivery_detail', { id: '41' }]]);
  });
});
