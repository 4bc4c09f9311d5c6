import type { Monitor } from '../api/types';
import { count } from '../format/number';
import { healthOf, type Level, trouble } from './health';

/** The monitors of a namespace, and how many are how well. */
export interface Group {
  readonly namespace: string;
  /** In the order they came in. */
  readonly monitors: readonly Monitor[];
  readonly levels: Readonly<Record<Level, number>>;
}

function groupOf(namespace: string, monitors: readonly Monitor[]): Group {
  const levels = { failing: 0, doubtful: 0, well: 0, suspended: 0 };
  for (const monitor of monitors) levels[healthOf(monitor).level] += 1;
  return { namespace, monitors, levels };
}

function worst({ monitors }: Group): number {
  return Math.min(...monitors.map(trouble));
}

/** By namespace: the one with the worst monitor first, of equal ones that with more such monitors, then by name. */
export function grouped(monitors: readonly Monitor[]): Group[] {
  const members = new Map<string, Monitor[]>();
  for (const monitor of monitors) {
    const others = members.get(monitor.namespace);
    if (others) others.push(monitor);
    else members.set(monitor.namespace, [monitor]);
  }
  const groups = [...members].map(([namespace, found]) => groupOf(namespace, found));
  return groups.sort(
    (left, right) =>
      worst(left) - worst(right) ||
      right.levels.failing - left.levels.failing ||
      right.levels.doubtful - left.levels.doubtful ||
      left.namespace.localeCompare(right.namespace),
  );
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
