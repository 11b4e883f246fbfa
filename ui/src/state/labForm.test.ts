import { describe, expect, it } from 'vitest';
import { attemptNumbers, errorsOf, formOf, missing, newForm, requestOf, type LabForm } from './labForm';

const chosen: Partial<LabForm> = {
  delivery: { id: '7', title: 'task_7 · success', at: null, provider: 'firebirdgen', event: null },
  provider: 'firebirdgen',
  url: ' http://localhost:3000/hook ',
};
const form = (change: Partial<LabForm> = {}): LabForm => newForm({ ...chosen, ...change });

describe('what is chosen', () => {
  it('is asked of the engine as it stands', () => {
    expect(requestOf(form())).toEqual({
      provider: 'firebirdgen',
      policy: null,
      source: { kind: 'delivery', id: '7' },
      endpoint: { kind: 'url', url: 'http://localhost:3000/hook', any_certificate: false },
      speed: { kind: 'faster', times: 60 },
      timestamps: 'now',
      signing: { kind: 'sign', secret: null },
      seed: 1,
      faults: [],
      also: ['lost_ack', 'at_once'],
      next_event: null,
      probe: null,
      ignore: [],
    });
  });

  it.each<[string, Partial<LabForm>, object]>([
    [
      'down for the first two',
      { down: true },
      { faults: [{ kind: { kind: 'status', status: 503 }, attempts: [1, 2] }] },
    ],
    [
      'no connection at first',
      { down: true, downHow: 'refused', downCount: '1' },
      { faults: [{ kind: { kind: 'refused' }, attempts: [1] }] },
    ],
    [
      'slow on every attempt, and one answer lost',
      { slow: true, lose: true },
      {
        faults: [
          { kind: { kind: 'slow', ms: 5000 }, attempts: [] },
          { kind: { kind: 'lose_ack' }, attempts: [1] },
        ],
      },
    ],
    ['experiments in the engine’s order', { also: ['late', 'lost_ack'] }, { also: ['lost_ack', 'late'] }],
    [
      'a certificate that is not asked for',
      { anyCertificate: true },
      { endpoint: { kind: 'url', url: 'http://localhost:3000/hook', any_certificate: false } },
    ],
    ['fields that do not count', { ignore: '/data/at\n /id ,/x' }, { ignore: ['/data/at', '/id', '/x'] }],
    ['kept as captured', { signing: 'keep', secret: 'main' }, { signing: { kind: 'keep' } }],
    [
      'an event of the catalogue',
      { from: 'event', eventType: 'success' },
      { source: { kind: 'event', provider: 'firebirdgen', event_type: 'success', values: {}, fresh: true } },
    ],
    ['a thousand times', { times: '1,000' }, { speed: { kind: 'faster', times: 1000 } }],
  ])('%s', (_, change, expected) => expect(requestOf(form(change))).toMatchObject(expected));

  it('has the named values filled in', () => {
    const request = requestOf(
      form({ url: '{{endpoint}}/hook?{{x}}', probe: 'url', probeText: '{{ endpoint }}/jobs' }),
      'run',
      [{ name: 'endpoint', value: 'http://localhost:4000' }],
    );
    expect(request).toMatchObject({
      endpoint: { url: 'http://localhost:4000/hook?{{x}}' },
      probe: { url: 'http://localhost:4000/jobs' },
    });
  });

  it('comes back from a request as it was', () => {
    const full = form({
      url: 'https://localhost:3000/hook',
      anyCertificate: true,
      speed: 'none',
      down: true,
      downCount: '3',
      slow: true,
      slowOn: '2, 3',
      lose: true,
      loseOn: '',
      also: ['late'],
      probe: 'command',
      probeText: 'cat state',
      ignore: '/a\n/b',
      secret: 'old',
      seed: '9',
    });
    const request = requestOf(full);
    expect(request).not.toBeNull();
    if (request) expect(requestOf(formOf(request, 'task_7'))).toEqual(request);
  });
});

describe('what cannot be started', () => {
  it.each<[string, Partial<LabForm>, string | null]>([
    ['no event', { delivery: null }, 'Choose a captured delivery, or an event of the catalogue.'],
    ['no endpoint', { url: ' ' }, 'Say where your endpoint is, or take the practice endpoint.'],
    ['the practice endpoint', { url: '', to: 'practice' }, null],
  ])('%s', (_, change, words) => {
    expect(missing(form(change))).toBe(words);
    expect(requestOf(form(change)) === null).toBe(words !== null);
  });

  it('is drawn all the same where the endpoint alone is missing', () => {
    expect(requestOf(form({ url: '' }), 'plan')?.endpoint).toEqual({ kind: 'practice', forgetful: false });
  });

  it.each<[Partial<LabForm>, string]>([
    [{ times: '0' }, 'times'],
    [{ times: 'x' }, 'times'],
    [{ down: true, downCount: '1.5' }, 'downCount'],
    [{ down: true, downStatus: '200' }, 'downStatus'],
    [{ slow: true, slowOn: '0' }, 'slowOn'],
    [{ probe: 'url' }, 'probeText'],
    [{ ignore: 'data.id' }, 'ignore'],
    [{ seed: '-1' }, 'seed'],
  ])('%o is wrong at %s', (change, field) => {
    expect(Object.keys(errorsOf(form(change)))).toEqual([field]);
    expect(requestOf(form(change), 'plan')).toBeNull();
  });

  it('is not hindered by what is not chosen', () => {
    expect(errorsOf(form({ speed: 'real', times: '', downCount: 'x', slowOn: 'x', loseOn: 'x' }))).toEqual({});
  });
});

it.each([
  ['', []],
  ['1, 3', [1, 3]],
  ['3 1-2 2', [1, 2, 3]],
  ['0', null],
  ['4-2', null],
  ['101', null],
  ['one', null],
])('attempts “%s” are %o', (text, expected) => expect(attemptNumbers(text)).toEqual(expected));
