import { expect, it } from 'vitest';
import { makeMe } from '../testing/make';
import { refusal } from './me';

it('lets those who may', () => expect(refusal(makeMe(), 'control')).toBeNull());

it('says who may what a viewer may not', () =>
  expect(refusal(makeMe({ role: 'viewer', permissions: ['view'] }), 'publish')).toBe(
    'It takes the role operator; your role is viewer.',
  ));

it('says that a token may less than its role', () =>
  expect(refusal(makeMe({ role: 'operator', permissions: ['view'] }), 'control')).toBe(
    'It takes the role operator; your token leaves control out.',
  ));

it('says that nobody may where the monitor is read only', () =>
  expect(refusal(makeMe({ read_only: true }), 'control')).toMatch(/read only/));
