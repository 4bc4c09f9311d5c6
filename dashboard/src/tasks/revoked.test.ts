import { expect, it } from 'vitest';
import { whyRevoked } from './revoked';

const revoked = (fields: Record<string, unknown> | null) => [
  { type: 'task-received', timestamp: 1, worker: 'w', fields: null },
  { type: 'task-revoked', timestamp: 2, worker: 'w', fields },
];

it('expired before it was started', () =>
  expect(whyRevoked(revoked({ expired: true }))).toBe('It had expired before it could be started.'));

it('was ended by a signal', () =>
  expect(whyRevoked(revoked({ terminated: true, signum: 9 }))).toBe(
    'Its process was ended by signal 9 while it ran.',
  ));

it('was ended, as its pool said', () =>
  expect(whyRevoked(revoked({ terminated: true, signum: 'Terminated' }))).toBe(
    'Its process was ended (Terminated) while it ran.',
  ));

it('was told not to run, which needs no word', () => expect(whyRevoked(revoked(null))).toBeNull());
