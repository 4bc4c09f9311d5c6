import { describe, expect, it } from 'vitest';
import { makeMonitor } from '../testing/make';
import { grouped, groupText, spaceOf } from './groups';

const well = (namespace: string, name = 'well') => makeMonitor({ namespace, name });
const failing = (namespace: string, name: string) => makeMonitor({ namespace, name, ready: false });
const stale = (namespace: string) =>
  makeMonitor({ namespace, name: 'stale', observed: { at: 1, stale: true, error: null } });

describe('the map', () => {
  it('begins with the namespace that is worst', () => {
    const monitors = [
      well('a'),
      stale('b'),
      failing('c', 'one'),
      failing('d', 'one'),
      failing('d', 'two'),
      well('aa'),
    ];
    expect(grouped(monitors).map(({ namespace }) => namespace)).toEqual(['d', 'c', 'b', 'a', 'aa']);
  });

  it('tells a namespace from that of the same name in another cluster', () => {
    const there = makeMonitor({ name: 'well', namespace: 'a', cluster: 'west' });
    expect(grouped([there, well('a')]).map(spaceOf)).toEqual(['a', 'west/a']);
  });

  it('keeps the order of the monitors within a namespace', () => {
    const [group] = grouped([well('a', 'z'), well('a', 'y')]);
    expect(group?.monitors.map(({ name }) => name)).toEqual(['z', 'y']);
  });

  it('says how many are how well', () => {
    const asleep = makeMonitor({ namespace: 'a', name: 'asleep', suspended: true });
    const [group] = grouped([failing('a', 'one'), stale('a'), well('a'), asleep]);
    expect(group && groupText(group)).toBe('4 monitors, 1 not ready, 1 to look at, 1 suspended');
  });

  it('holds every one of a thousand', () => {
    const monitors = Array.from({ length: 1000 }, (_, index) => well(`team-${index % 40}`, `m${index}`));
    expect(grouped(monitors).flatMap((group) => group.monitors)).toHaveLength(1000);
  });
});
