import { describe, expect, it } from 'vitest';
import type { FleetDelta } from '../api/types';
import { makeMonitor, makeSummary } from '../testing/make';
import { fleetHealth, foldFleet, found, sorted } from './fleet';

const CLUSTER = { name: 'kind' };
const names = (monitors: readonly { name: string }[] | undefined) => monitors?.map(({ name }) => name);

function delta(known: Partial<FleetDelta>): FleetDelta {
  return { full: false, items: [], removed: [], cluster: CLUSTER, ...known };
}

describe('the stream of the fleet', () => {
  const fleet = { items: [makeMonitor({ name: 'a' }), makeMonitor({ name: 'b' })], cluster: CLUSTER };

  it('begins with everything', () =>
    expect(
      names(foldFleet(fleet, delta({ full: true, items: [makeMonitor({ name: 'c' })] }))?.items),
    ).toEqual(['c']));

  it('adds, replaces and removes', () => {
    const items = [makeMonitor({ name: 'a', ready: false }), makeMonitor({ name: 'c' })];
    const folded = foldFleet(fleet, delta({ items, removed: [{ namespace: 'team-a', name: 'b' }] }));
    expect(names(folded?.items)).toEqual(['a', 'c']);
    expect(folded?.items[0]?.ready).toBe(false);
  });

  it('tells monitors of one name in two namespaces apart', () => {
    const folded = foldFleet(fleet, delta({ removed: [{ namespace: 'team-b', name: 'b' }] }));
    expect(names(folded?.items)).toEqual(['a', 'b']);
  });

  it('tells monitors of one name in two clusters apart', () => {
    const items = [makeMonitor({ name: 'a', cluster: 'west' })];
    const both = foldFleet(fleet, delta({ items }));
    expect(names(both?.items)).toEqual(['a', 'b', 'a']);
    const removed = [{ cluster: 'west', namespace: 'team-a', name: 'a' }];
    expect(names(foldFleet(both, delta({ removed }))?.items)).toEqual(['a', 'b']);
  });

  it('keeps what is said of other clusters', () => {
    const clusters = [{ name: 'west', trouble: 'It is away.' }];
    expect(foldFleet(fleet, delta({ clusters }))?.clusters).toEqual(clusters);
  });

  it('waits for everything before it shows a part', () =>
    expect(foldFleet(undefined, delta({}))).toBeUndefined());
});

describe('the order', () => {
  const loud = makeMonitor({
    name: 'loud',
    summary: makeSummary({ workers: { online: 9, offline: 0, lost: 0 } }),
  });
  const quiet = makeMonitor({ name: 'quiet' });
  const broken = makeMonitor({ name: 'zz-broken', ready: false, summary: null });
  const stale = makeMonitor({ name: 'y-stale', observed: { at: 1, stale: true, error: null } });

  it('begins with trouble', () =>
    expect(names(sorted([quiet, stale, loud, broken], undefined))).toEqual([
      'zz-broken',
      'y-stale',
      'loud',
      'quiet',
    ]));

  it('puts what is not known last, either way round', () => {
    expect(names(sorted([broken, quiet, loud], '-workers'))).toEqual(['loud', 'quiet', 'zz-broken']);
    expect(names(sorted([broken, quiet, loud], 'workers'))).toEqual(['quiet', 'loud', 'zz-broken']);
  });

  it('turns the names round', () => expect(names(sorted([loud, quiet], '-name'))).toEqual(['quiet', 'loud']));
});

describe('the search', () => {
  const monitor = makeMonitor({ name: 'orders', namespace: 'team-a', reason: 'SecretNotFound' });
  it.each([
    ['', true],
    ['team-a/ord', true],
    ['SECRET orders', true],
    ['orders redis', true],
    ['payments', false],
    ['orders payments', false],
  ])('“%s” finds it: %s', (search, finds) => expect(found(monitor, search)).toBe(finds));
});

describe('the sentence', () => {
  it('says that all are ready', () =>
    expect(fleetHealth([makeMonitor({ name: 'a' })]).map(({ text }) => text)).toEqual([
      '1 monitor ready',
      '3 workers online',
      '0 tasks/min',
    ]));

  it('names what is wrong first, and a suspended monitor is not wrong', () => {
    const broken = makeMonitor({ name: 'b', ready: false, summary: null });
    const asleep = makeMonitor({ name: 'c', ready: false, suspended: true, summary: null });
    expect(fleetHealth([makeMonitor({ name: 'a' }), broken, asleep])).toEqual(
      expect.arrayContaining([
        { tone: 'failure', text: '1 of 3 monitors not ready' },
        { tone: 'success', text: '1 suspended' },
      ]),
    );
  });
});
