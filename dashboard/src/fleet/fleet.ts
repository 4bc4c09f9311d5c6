import type { Fleet, FleetDelta, Monitor, MonitorRef } from '../api/types';
import { compact, count } from '../format/number';
import type { Clause } from '../monitor/health';
import { lastHour } from '../monitor/throughput';
import { waiting } from './backlog';
import { trouble } from './health';

export type FleetSort = (typeof FLEET_SORTS)[number];
const SORT_WORDS = [
  'name',
  'namespace',
  'cluster',
  'ready',
  'workers',
  'rate',
  'failures',
  'backlog',
  'lag',
] as const;
export const FLEET_SORTS = SORT_WORDS.flatMap((word) => [`-${word}`, word] as const);

/** NAMESPACE/NAME, and CLUSTER/NAMESPACE/NAME of a monitor of another cluster. */
export function keyOf({ cluster, namespace, name }: MonitorRef): string {
  return [cluster, namespace, name].filter((part) => part != null).join('/');
}

/** Folds one message of the stream in; without anything to fold into, only a full one is of use. */
export function foldFleet(fleet: Fleet | undefined, delta: FleetDelta): Fleet | undefined {
  const { full, items, removed, cluster, clusters } = delta;
  if (full) return { items, cluster, clusters };
  if (fleet === undefined) return undefined;
  const monitors = new Map(fleet.items.map((monitor) => [keyOf(monitor), monitor]));
  for (const gone of removed) monitors.delete(keyOf(gone));
  for (const monitor of items) monitors.set(keyOf(monitor), monitor);
  return { items: [...monitors.values()], cluster, clusters };
}

/** Finished tasks in the last minute that is over; null when the monitor was not heard. */
export function perMinute({ summary }: Monitor): number | null {
  if (summary === null) return null;
  const { throughput, monitor } = summary;
  return lastHour(throughput, monitor.now, monitor.started).at(-2)?.total ?? null;
}

/** Failed tasks in the last hour; null when the monitor was not heard. */
export function failures({ summary }: Monitor): number | null {
  return summary && summary.throughput.reduce((sum, minute) => sum + minute.failed, 0);
}

const NUMBERS: Readonly<Record<string, (monitor: Monitor) => number | null | undefined>> = {
  ready: trouble,
  workers: ({ summary }) => summary?.workers.online,
  rate: perMinute,
  failures,
  backlog: waiting,
  lag: ({ summary }) => summary?.events.lag,
};

/** The fleet's own cluster first. */
export function byCluster(left: MonitorRef, right: MonitorRef): number {
  return (left.cluster ?? '').localeCompare(right.cluster ?? '');
}

function byName(left: Monitor, right: Monitor): number {
  return (
    left.namespace.localeCompare(right.namespace) ||
    left.name.localeCompare(right.name) ||
    byCluster(left, right)
  );
}

/** The orders that are none of numbers. */
const WORDS: Readonly<Record<string, (left: Monitor, right: Monitor) => number>> = {
  name: (left, right) => left.name.localeCompare(right.name),
  cluster: (left, right) => byCluster(left, right) || byName(left, right),
};

/** The monitors in the order of `sort`; what is not known comes last in either direction. */
export function sorted(monitors: readonly Monitor[], sort: FleetSort | undefined): Monitor[] {
  // Trouble first: what is not ready, what is not heard, then by namespace and name.
  if (sort === undefined)
    return [...monitors].sort((left, right) => trouble(left) - trouble(right) || byName(left, right));
  const word = sort.replace(/^-/, '');
  const direction = sort.startsWith('-') ? -1 : 1;
  const number = NUMBERS[word];
  return [...monitors].sort((left, right) => {
    if (number === undefined) return direction * (WORDS[word] ?? byName)(left, right);
    const [one, other] = [number(left), number(right)];
    if (one == null || other == null)
      return Number(one == null) - Number(other == null) || byName(left, right);
    return direction * (one - other) || byName(left, right);
  });
}

/** All words of the search are somewhere in the cluster, the namespace, the name, the reason or the broker's kind. */
export function found(monitor: Monitor, search: string | undefined): boolean {
  const text = [keyOf(monitor), monitor.reason, monitor.broker?.kind].join(' ').toLowerCase();
  return (search ?? '')
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** The whole fleet in one sentence. */
export function fleetHealth(monitors: readonly Monitor[]): readonly Clause[] {
  const ready = monitors.filter((monitor) => monitor.ready).length;
  const suspended = monitors.filter((monitor) => monitor.suspended).length;
  const wanting = monitors.filter((monitor) => !monitor.ready && !monitor.suspended).length;
  const stale = monitors.filter((monitor) => monitor.observed.stale && !monitor.suspended).length;
  const cut = monitors.filter((monitor) => monitor.summary?.broker.state === 'disconnected').length;
  const workers = monitors.reduce((sum, { summary }) => sum + (summary?.workers.online ?? 0), 0);
  const rate = monitors.reduce((sum, monitor) => sum + (perMinute(monitor) ?? 0), 0);
  const clauses: (Clause | false)[] = [
    wanting > 0 && {
      tone: 'failure',
      text: `${compact(wanting)} of ${count(monitors.length, 'monitor')} not ready`,
    },
    wanting === 0 && { tone: 'success', text: `${count(ready, 'monitor')} ready` },
    suspended > 0 && { tone: 'success', text: `${compact(suspended)} suspended` },
    stale > 0 && { tone: 'retry', text: `${compact(stale)} not heard lately` },
    cut > 0 && { tone: 'failure', text: `${count(cut, 'broker')} disconnected` },
    { tone: 'success', text: `${count(workers, 'worker')} online` },
    { tone: 'success', text: `${compact(rate)} tasks/min` },
  ];
  return clauses.filter((clause) => clause !== false);
}
