import { describe, expect, it } from 'vitest';
import { groupsOf } from './options';
import type { Option } from './types';

const make = (name: string, known: Partial<Option> = {}): Option => ({
  group: 'Web',
  name,
  value: '1',
  place: 'default',
  source: 'default',
  variable: `FLOWER_${name.toUpperCase()}`,
  ...known,
});
const PORT = make('port', { place: 'environment', source: 'FLOWER_PORT', value: '80' });
const BROKER = make('broker', { group: 'Broker', value: 'redis://h' });
const ALL = [BROKER, PORT, make('address')];

const names = (search: Parameters<typeof groupsOf>[1]) =>
  groupsOf(ALL, search).map(({ name, options }) => [name, options.map((option) => option.name)]);

describe('options', () => {
  it('stand under their headings', () =>
    expect(names({})).toEqual([
      ['Broker', ['broker']],
      ['Web', ['port', 'address']],
    ]));

  it.each(['port', '80', 'flower_port'])('are found by %s', (search) =>
    expect(names({ search })).toEqual([['Web', ['port']]]),
  );

  it('are found by their values as they are written', () =>
    expect(
      groupsOf([make('inspect-timeout', { value: '10000.0' }), BROKER], { search: '10,000 ms' }),
    ).toHaveLength(1));

  it('are left out where nobody set them', () =>
    expect(names({ changed: 'yes' })).toEqual([['Web', ['port']]]));
});
