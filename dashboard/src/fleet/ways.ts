import { address, type Query } from '../api/client';
import type { MonitorRef } from '../api/types';
import { type RangeSearch, type Span, spanOf } from '../app/range';
import { BETWEEN, RANGES } from '../tasks/filter';
import { rangeOf } from './search';

/** The range of a monitor's pages where the URL says none: that of its overview. */
export const USUAL = '1h';

/** The path of a monitor at the fleet. */
export function pathInto({ cluster, namespace, name }: MonitorRef, path: string): string {
  const there = cluster == null ? '' : `c/${encodeURIComponent(cluster)}/`;
  return `${there}n/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}/${path}`;
}

/** The address of a monitor through the fleet, where the login and the rights are those that one has here. */
export function wayInto(monitor: MonitorRef, path = '', query: Query = {}): string {
  return address(pathInto(monitor, path), query);
}

/** A monitor's page with the range that the fleet's page has. */
export function pageOf(monitor: MonitorRef, range: RangeSearch, path = 'overview'): string {
  return wayInto(monitor, path, rangeOf(range));
}

function instant(time: number): string {
  return `${new Date(time * 1000).toISOString().slice(0, 19)}Z`;
}

/** A range as the task list has it: it knows fewer words, and else two moments; one that ends now has no second. */
function ofTasks({ start, end, word }: Span): Query {
  if (word !== null && word in RANGES) return { range: word };
  return { range: BETWEEN, from: instant(start), to: word === null ? instant(end) : undefined };
}

/** The tasks behind a number, within the same range. */
export function tasksOf(monitor: MonitorRef, range: RangeSearch, now: number, filter: Query = {}): string {
  return wayInto(monitor, 'tasks', { ...filter, ...ofTasks(spanOf(range, USUAL, now)) });
}
