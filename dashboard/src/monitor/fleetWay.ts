import * as v from 'valibot';
import { type RangeSearch, rangeSearch } from '../app/range';
import { BETWEEN } from '../tasks/filter';

const SERVED = /^(.*?\/)(?:c\/[^/]+\/)?n\/[^/]+\/[^/]+\/$/;
const NONE: RangeSearch = { range: undefined, start: undefined, end: undefined };

/** The path of the fleet that shows this monitor, of the path that the monitor is served under; null: no fleet does. */
export function fleetOf(base: string): string | null {
  return SERVED.exec(base)?.[1] ?? null;
}

function seconds(time: unknown): string | undefined {
  const parsed = typeof time === 'string' ? Date.parse(time) : NaN;
  return Number.isNaN(parsed) ? undefined : String(Math.floor(parsed / 1000));
}

/** The range in the URL of any page of a monitor; null where it has none. The task list says two moments in its own way. */
export function rangeIn(search: Readonly<Record<string, unknown>>): RangeSearch | null {
  const { range, start, end } = v.parse(rangeSearch, { ...NONE, ...search });
  if (range !== undefined) return { ...NONE, range };
  if (start !== undefined && end !== undefined) return { ...NONE, start, end };
  const [from, to] = [seconds(search['from']), seconds(search['to'])];
  if (search['range'] !== BETWEEN || from === undefined || to === undefined) return null;
  return { ...NONE, start: from, end: to };
}
