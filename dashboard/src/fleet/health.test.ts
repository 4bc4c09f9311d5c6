import { describe, expect, it } from 'vitest';
import { makeMonitor, makeSummary } from '../testing/make';
import { healthOf } from './health';

const lost = makeSummary({ workers: { online: 1, offline: 0, lost: 2 } });
const cut = { kind: 'redis', state: 'disconnected', url: null };

describe('the health of a monitor', () => {
  it.each([
    ['that is well', makeMonitor({ name: 'a' }), { level: 'well', word: 'Ready' }],
    [
      'not ready',
      makeMonitor({ name: 'a', ready: false, reason: 'SecretNotFound' }),
      { level: 'failing', word: 'SecretNotFound' },
    ],
    [
      'without a broker',
      makeMonitor({ name: 'a', broker: cut, summary: null }),
      { level: 'doubtful', word: 'No broker' },
    ],
    [
      'with lost workers',
      makeMonitor({ name: 'a', summary: lost }),
      { level: 'doubtful', word: '2 workers lost' },
    ],
    [
      'that fell silent',
      makeMonitor({ name: 'a', observed: { at: 1, stale: true, error: null } }),
      { level: 'doubtful', word: 'Not heard lately' },
    ],
    [
      'never heard',
      makeMonitor({ name: 'a', observed: { at: null, stale: true, error: null } }),
      { level: 'doubtful', word: 'Never heard' },
    ],
    [
      'suspended',
      makeMonitor({ name: 'a', suspended: true, ready: false }),
      { level: 'suspended', word: 'Suspended' },
    ],
  ])('of one %s', (_, monitor, health) => expect(healthOf(monitor)).toEqual(health));
});
