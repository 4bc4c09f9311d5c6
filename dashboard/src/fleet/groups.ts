import type { Monitor } from '../api/types';
import { count } from '../format/number';
import { keyOf } from './fleet';
import { healthOf, type Level, trouble } from './health';

/** The monitors of a namespace of a cluster, and how many are how well. */
export interface Group {
  /** Null: the fleet's own. */
  readonly cluster: string | null;
  readonly namespace: string;
  /** In the order they came in. */
  readonly monitors: readonly Monitor[];
  readonly levels: Readonly<Record<Level, number>>;
}

function groupOf(monitors: readonly [Monitor, ...Monitor[]]): Group {
  const [{ cluster = null, namespace }] = monitors;
  const levels = { failing: 0, doubtful: 0, well: 0, suspended: 0 };
  for (const monitor of monitors) levels[healthOf(monitor).level] += 1;
  return { cluster, namespace, monitors, levels };
}

function worst({ monitors }: Group): number {
  return Math.min(...monitors.map(trouble));
}

/** By namespace: the one with the worst monitor first, of equal ones that with more such monitors, then by name. */
export function grouped(monitors: readonly Monitor[]): Group[] {
  const members = new Map<string, [Monitor, ...Monitor[]]>();
  for (const monitor of monitors) {
    const space = keyOf({ ...monitor, name: '' });
    const others = members.get(space);
    if (others) others.push(monitor);
    else members.set(space, [monitor]);
  }
  const groups = [...members.values()].map(groupOf);
  return groups.sort(
    (left, right) =>
      worst(left) - worst(right) ||
      right.levels.failing - left.levels.failing ||
      right.levels.doubtful - left.levels.doubtful ||
      left.namespace.localeCompare(right.namespace) ||
      (left.cluster ?? '').localeCompare(right.cluster ?? ''),
  );
}

/** What a group is called: the namespace, and before it the cluster if it is another. */
export function spaceOf({ cluster, namespace }: Group): string {
  return cluster === null ? namespace : `${cluster}/${namespace}`;
}

/** A namespace in a few words: `12 monitors, 2 not ready`. */
export function groupText({ monitors, levels: { failing, doubtful, suspended } }: Group): string {
  const words = [
    count(monitors.length, 'monitor'),
    failing > 0 && `${failing} not ready`,
    doubtful > 0 && `${doubtful} to look at`,
    suspended > 0 && `${suspended} suspended`,
  ];
  return words.filter(Boolean).join(', ');
}
