import type { Monitor } from '../../api/types';
import { type RangeSearch, spanOf } from '../../app/range';
import { bytes, compact, count, exact, UNKNOWN } from '../../format/number';
import { duration, relative } from '../../format/time';
import { brokerName } from '../../monitor/health';
import {
  failedFigure,
  lagFigure,
  perMinute,
  seenFigure,
  throughputFigure,
  workersFigure,
} from '../../overview/figures';
import type { Distribution, History } from '../../overview/types';
import { backlogWords, waiting } from '../backlog';
import { healthOf } from '../health';
import { pageOf, tasksOf, USUAL } from '../ways';
import type { Depth } from './answers';
import type { Value } from './difference';

/** One of the two monitors, and what it answered; null: it has not, or can't. */
export interface Column {
  readonly monitor: Monitor;
  readonly range: RangeSearch;
  readonly history: History | null;
  /** The history is on its way for the first time. */
  readonly pending: boolean;
  readonly queues: readonly Depth[] | null;
  readonly now: number;
}

/** What one monitor has in one row. */
export interface Cell {
  readonly text: string;
  readonly more?: string;
  readonly title?: string;
  /** The page with what is behind it. */
  readonly way: string;
  /** What is compared; the text where it is left out. */
  readonly value?: Value;
}

export function valueOf({ value, text }: Cell): Value {
  return value === undefined ? text : value;
}

export interface Row {
  readonly label: string;
  readonly cell: (column: Column) => Cell;
}

const NOTHING = { text: UNKNOWN, value: null } as const;

function noHistory(way: string, { pending }: Column): Cell {
  return { ...NOTHING, ...(pending ? { more: 'being asked' } : {}), way };
}

function health({ monitor, range }: Column): Cell {
  const { word } = healthOf(monitor);
  return {
    text: word,
    more: monitor.ready ? '' : (monitor.message ?? ''),
    way: pageOf(monitor, range, 'doctor'),
  };
}

function version({ monitor, range }: Column): Cell {
  return {
    text: monitor.version ?? UNKNOWN,
    value: monitor.version,
    way: pageOf(monitor, range, 'settings'),
  };
}

function broker({ monitor, range }: Column): Cell {
  const way = pageOf(monitor, range, 'doctor');
  if (monitor.broker === null) return { ...NOTHING, way };
  const { kind, state } = monitor.broker;
  return {
    text: brokerName(kind),
    ...(state === null ? {} : { more: state }),
    way,
    value: `${kind} ${state ?? ''}`,
  };
}

function workers({ monitor, range }: Column): Cell {
  const way = pageOf(monitor, range, 'workers');
  if (monitor.summary === null) return { ...NOTHING, way };
  return { ...workersFigure(monitor.summary), value: monitor.summary.workers.online, way };
}

function lag({ monitor, range }: Column): Cell {
  const way = pageOf(monitor, range, 'workers');
  if (monitor.summary === null) return { ...NOTHING, way };
  return { ...lagFigure(monitor.summary), value: monitor.summary.events.lag, way };
}

function seen({ monitor, range }: Column): Cell {
  const way = pageOf(monitor, range);
  if (monitor.summary === null) return { ...NOTHING, way };
  return { ...seenFigure(monitor.summary), value: monitor.summary.events.seen, way };
}

/** By the broker's queues, or by events where they can't be had. */
function backlog({ monitor, range, queues }: Column): Cell {
  const way = pageOf(monitor, range, 'queues');
  const known = (queues ?? []).flatMap(({ ready }) => (ready === null ? [] : [ready]));
  if (known.length === 0)
    return { ...backlogWords(monitor), more: 'by events', value: waiting(monitor), way };
  const ready = known.reduce((sum, one) => sum + one, 0);
  const title = `${exact(ready)} messages are ready`;
  return { text: compact(ready), more: `in ${count(known.length, 'queue')}`, title, value: ready, way };
}

function storage({ monitor, range, now }: Column): Cell {
  const way = pageOf(monitor, range, 'settings');
  if (monitor.summary === null) return { ...NOTHING, way };
  const { store, tasks } = monitor.summary;
  const since = store.oldest === null ? '' : `, since ${relative(store.oldest, now)}`;
  const left = typeof store.free === 'number' ? `, ${bytes(store.free)} left` : '';
  return {
    text: bytes(store.bytes),
    more: `${count(tasks.kept, 'task')}${since}${left}`,
    title: `${exact(store.bytes)} bytes of ${store.kind}`,
    value: store.bytes,
    way,
  };
}

function rate(column: Column): Cell {
  const { monitor, range, history, now } = column;
  const way = tasksOf(monitor, range, now);
  if (history === null) return noHistory(way, column);
  return { ...throughputFigure(history, now), value: perMinute(history, now), way };
}

function failed(column: Column): Cell {
  const { monitor, range, history, now } = column;
  const way = tasksOf(monitor, range, now, { state: 'FAILURE' });
  if (history === null) return noHistory(way, column);
  return { ...failedFigure(history), value: history.counts.failed, way };
}

function percentile(of: 'wait' | 'run', which: Exclude<keyof Distribution, 'n'>, sort: string): Row['cell'] {
  return (column) => {
    const { monitor, range, history, now } = column;
    const way = tasksOf(monitor, range, now, { sort });
    if (history === null) return noHistory(way, column);
    const { n, [which]: value } = history.times[of];
    const partly = history.times_from > spanOf(range, USUAL, now).start ? ', of the newest only' : '';
    const more = n === 0 ? 'none measured' : `of ${count(n, 'task')}${partly}`;
    return { text: duration(value), more, title: 'Exact to 2 %', value, way };
  };
}

/** What holds now, whatever the range. */
export const OF_NOW: readonly Row[] = [
  { label: 'Health', cell: health },
  { label: 'Version', cell: version },
  { label: 'Broker', cell: broker },
  { label: 'Workers online', cell: workers },
  { label: 'Backlog', cell: backlog },
  { label: 'Lag', cell: lag },
  { label: 'Seen, last hour', cell: seen },
  { label: 'Storage', cell: storage },
];

/** What holds of the range. */
export const OF_RANGE: readonly Row[] = [
  { label: 'Tasks a minute', cell: rate },
  { label: 'Failed', cell: failed },
  { label: 'Waited, p50', cell: percentile('wait', 'p50', '-started') },
  { label: 'Waited, p95', cell: percentile('wait', 'p95', '-started') },
  { label: 'Waited, p99', cell: percentile('wait', 'p99', '-started') },
  { label: 'Ran, p50', cell: percentile('run', 'p50', '-runtime') },
  { label: 'Ran, p95', cell: percentile('run', 'p95', '-runtime') },
  { label: 'Ran, p99', cell: percentile('run', 'p99', '-runtime') },
];
