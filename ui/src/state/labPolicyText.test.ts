import { describe, expect, it } from 'vitest';
import type { RetryPolicy } from '../bindings';
import { readPolicy, seconds, typedOf, type TypedPolicy } from './labPolicyText';

const policy: RetryPolicy = {
  attempts: 4,
  delays: { kind: 'list', seconds: [10, 30, 90] },
  jitter: 0.25,
  timeout_s: 10,
  success: '200',
  stop_on: [410],
  stop_header: { name: 'X-Stop', value: '' },
  throttle: { on: [429, 503], cap_s: 3600 },
  redirects: 'fail',
  sign_anew: true,
  headers: [['X-Attempt', '{attempt}']],
  announce: { event_type: 'webhook.retry', on: false },
};
const bare: RetryPolicy = {
  ...policy,
  delays: { kind: 'exponential', first_s: 10, factor: 2, cap_s: null },
  stop_on: [],
  stop_header: null,
  throttle: null,
  headers: [],
  announce: null,
};

it.each([
  ['a list with all there is', policy],
  ['a growing one with nothing', bare],
  ['waits of minutes and days', { ...bare, delays: { kind: 'list', seconds: [1920, 86_400, 1.5] } } as RetryPolicy],
])('%s is typed and read as it was', (_, one) => {
  expect(readPolicy(typedOf(one), one)).toEqual({ policy: one, faults: [] });
});

describe('intervals', () => {
  const delays = (text: string) => readPolicy({ ...typedOf(policy), delays: text }, policy).policy?.delays;
  it.each([
    ['10, 30, 90 s', [10, 30, 90]],
    ['10, 30, 90', [10, 30, 90]],
    ['1, 2, 4 min', [60, 120, 240]],
    ['10 s, 32 min, 1 h 30 min', [10, 1920, 5400]],
  ])('“%s” are %o', (text, expected) => expect(delays(text)).toEqual({ kind: 'list', seconds: expected }));
  it('that cannot be read are said', () => {
    expect(delays('soon')).toBeUndefined();
  });
});

it.each<[Partial<TypedPolicy>, string]>([
  [{ attempts: '2.5' }, 'attempts'],
  [{ delays: '10 parsecs' }, 'delays'],
  [{ jitter: '' }, 'jitter'],
  [{ timeout: '0.5 s' }, 'timeout'],
  [{ stopOn: '41' }, 'stop_on'],
  [{ throttleOn: 'busy' }, 'throttle'],
  [{ headers: 'no colon' }, 'headers'],
])('%o is a fault of %s', (change, field) => {
  const { policy: read, faults } = readPolicy({ ...typedOf(policy), ...change }, policy);
  expect([read, faults.map((fault) => fault.field)]).toEqual([null, [field]]);
});

it.each([
  ['90', 90],
  ['1.5 s', 1.5],
  ['2 days', 172_800],
  ['250 ms', 0.25],
  ['', null],
  ['1 fortnight', null],
])('“%s” is %o seconds', (text, expected) => expect(seconds(text)).toBe(expected));
