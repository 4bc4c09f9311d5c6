import { describe, expect, it } from 'vitest';
import { matchText, resultTexts, sizeText, standingOf, switchedText, targetText } from './policies';
import type { Decided, Policy, PolicyItem } from './types';

const POLICY: Policy = {
  name: 'orders',
  match: { queue: 'default', hostname: null },
  min: 2,
  max: 8,
  metric: 'load',
  target: 0.8,
  scaleUpStep: null,
  scaleDownStep: 1,
  stabilizationSeconds: { up: 30, down: 300 },
  cooldown: 30,
  dryRun: false,
};
const STATE: Decided = { at: 1, why: 'w', level: 4, recommendation: 4, sizes: { a: 4 }, left: {} };

function item(state: Partial<Decided> | null = {}, policy: Partial<Policy> = {}): PolicyItem {
  return {
    policy: { ...POLICY, ...policy },
    source: 'api',
    state: state === null ? null : { ...STATE, ...state },
    results: {},
  };
}

it.each([
  ['off', item(), false, false],
  ['dry', item({}, { dryRun: true }), true, false],
  ['dry', item(), true, true],
  ['begins', item(null), true, false],
  ['blind', item({ recommendation: null }), true, false],
  ['follows', item(), true, false],
] as const)('a policy stands as %s', (standing, one, enabled, readOnly) =>
  expect(standingOf(one, enabled, readOnly)).toBe(standing),
);

it.each([
  [{ queue: 'default', hostname: null }, 'workers of queue default'],
  [{ queue: null, hostname: 'big*' }, 'workers named big*'],
  [{ queue: 'default', hostname: 'big*' }, 'workers named big* of queue default'],
])('says which workers it is for: %o', (match, text) => expect(matchText({ ...POLICY, match })).toBe(text));

it('says what it aims at', () =>
  expect(targetText({ ...POLICY, metric: 'oldest_age', target: 60 })).toBe('60 s of waiting'));

describe('the sizes of its pools', () => {
  it('are one number where they are the same', () => expect(sizeText(item())).toBe('4'));
  it('are a range while some are on their way', () =>
    expect(sizeText(item({ sizes: { a: 2, b: 4 } }))).toBe('2 to 4'));
  it('are not known before it has looked', () => expect(sizeText(item(null))).toBe('–'));
});

it('says what came of its decisions, and nothing of what never happened', () =>
  expect(resultTexts({ ...item(), results: { vetoed: 2, grown: 3, shrunk: 0 } })).toEqual([
    '3 grown',
    '2 vetoed by the webhook',
  ]));

it('says why it is off though somebody switched it on', () => {
  const off = { enabled: false, problem: null, items: [] };
  expect(switchedText(off, false)).toBe('No policy is followed any more.');
  expect(switchedText(off, true)).toMatch(/autoscale-file/);
  expect(switchedText({ ...off, problem: 'it is no JSON' }, true)).toBe('it is no JSON');
});
