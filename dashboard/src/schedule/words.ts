import { duration } from '../format/time';
import type { Entry } from './types';

const NUMBER = /^\d+$/;

function clock(minute: string, hour: string): string {
  return `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
}

/** A crontab in words where they are shorter than its five fields. */
function crontabWords([
  minute = '*',
  hour = '*',
  weekday = '*',
  day = '*',
  month = '*',
]: readonly string[]): string {
  const always = weekday === '*' && day === '*' && month === '*';
  const step = /^\*\/(\d+)$/.exec(minute);
  const atTime = NUMBER.test(minute) && NUMBER.test(hour);
  if (always && hour === '*' && minute === '*') return 'every minute';
  if (always && hour === '*' && step) return `every ${step[1] ?? ''} minutes`;
  if (always && hour === '*' && NUMBER.test(minute)) return `every hour at minute ${minute}`;
  if (always && atTime) return `every day at ${clock(minute, hour)}`;
  if (atTime && day === '*' && month === '*') return `at ${clock(minute, hour)} on ${weekday}`;
  return `minute ${minute}, hour ${hour}, weekday ${weekday}, day ${day}, month ${month}`;
}

/** When an entry runs, in words; as Celery writes it where only the app could say. */
export function whenWords({ every, crontab, raw }: Pick<Entry, 'every' | 'crontab' | 'raw'>): string {
  if (every !== null) return `every ${duration(every)}`;
  return crontab === null ? raw : crontabWords(crontab);
}

/** Missed ones first, then by when they are due; those of which that is not known last. */
export function inOrder(entries: readonly Entry[]): readonly Entry[] {
  const due = ({ missed, next }: Entry) => (missed ? -Infinity : (next ?? Infinity));
  return [...entries].sort((one, other) =>
    due(one) === due(other) ? one.name.localeCompare(other.name) : due(one) - due(other),
  );
}
