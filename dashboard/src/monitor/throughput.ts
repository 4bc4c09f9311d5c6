import type { ThroughputMinute } from '../api/types';

export const SERIES = ['succeeded', 'failed', 'retried', 'revoked'] as const;
export type SeriesName = (typeof SERIES)[number];

/** Minutes shown. */
const SHOWN = 60;

export interface Bar extends ThroughputMinute {
  readonly total: number;
  /** The minute is not over. */
  readonly unfinished: boolean;
  /** The monitor did not run then and knows nothing of it: not the same as nothing having happened. */
  readonly unseen: boolean;
}

/** The last hour minute by minute, without gaps, oldest first. */
export function lastHour(minutes: readonly ThroughputMinute[], now: number, started: number): readonly Bar[] {
  const known = new Map(minutes.map((minute) => [minute.minute, minute]));
  const newest = Math.floor(now / 60) * 60;
  return Array.from({ length: SHOWN }, (_, index) => {
    const minute = newest - (SHOWN - 1 - index) * 60;
    const values = known.get(minute) ?? { minute, succeeded: 0, failed: 0, retried: 0, revoked: 0 };
    const total = SERIES.reduce((sum, name) => sum + values[name], 0);
    return { ...values, total, unfinished: minute === newest, unseen: total === 0 && minute + 60 <= started };
  });
}

export interface Layer {
  readonly name: SeriesName;
  readonly from: number;
  readonly to: number;
}

/** The series of a minute one upon the other, without the empty ones. */
export function stack(bar: Bar): readonly Layer[] {
  let top = 0;
  return SERIES.map((name) => ({ name, from: top, to: (top += bar[name]) })).filter(
    ({ from, to }) => to > from,
  );
}

/** The next round number (1, 1.5, 2, 3, 4, 5, 6, 8, 10, 15 …) that is not below `value`: a scale that seldom changes. */
export function niceCeiling(value: number): number {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((step) => step * power).find((step) => step >= value) ?? value;
}
