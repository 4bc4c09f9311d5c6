import { UNKNOWN } from './number';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export type Zone = 'local' | 'utc';

function twoUnits(
  seconds: number,
  large: number,
  largeName: string,
  small: number,
  smallName: string,
): string {
  const whole = Math.floor(seconds / large);
  const rest = Math.floor((seconds - whole * large) / small);
  return rest > 0 ? `${whole} ${largeName} ${rest} ${smallName}` : `${whole} ${largeName}`;
}

/** A length of time, in seconds, as 340 ms, 1.2 s, 2 min 5 s, 3 h 4 min, 2 d 3 h. */
export function duration(seconds: number | null | undefined): string {
  if (seconds == null || !Number.isFinite(seconds)) return UNKNOWN;
  const length = Math.abs(seconds);
  if (length === 0) return '0 ms';
  if (length < 0.000_01) return '< 0.01 ms';
  if (length < 0.9995) return `${Number((length * 1000).toPrecision(3))} ms`;
  if (length < 59.95) return `${Number(length.toPrecision(3))} s`;
  if (length < HOUR) return twoUnits(Math.round(length), MINUTE, 'min', 1, 's');
  if (length < DAY) return twoUnits(length, HOUR, 'h', MINUTE, 'min');
  return twoUnits(length, DAY, 'd', HOUR, 'h');
}

/** The age in one whole unit, so that it changes as seldom as it can: 5 s, 3 min, 2 h, 4 d. */
function coarse(seconds: number): string {
  if (seconds < MINUTE) return `${Math.floor(seconds)} s`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min`;
  if (seconds < DAY) return `${Math.floor(seconds / HOUR)} h`;
  return `${Math.floor(seconds / DAY)} d`;
}

/** `now`, `5 s ago`, `in 3 min`; both in epoch seconds. */
export function relative(time: number | null | undefined, now: number): string {
  if (time == null || !Number.isFinite(time)) return UNKNOWN;
  const age = now - time;
  if (Math.abs(age) < 1) return 'now';
  return age > 0 ? `${coarse(age)} ago` : `in ${coarse(-age)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function offsetOf(date: Date, zone: Zone): string {
  if (zone === 'utc') return 'UTC';
  const minutes = -date.getTimezoneOffset();
  const sign = minutes < 0 ? '-' : '+';
  return `UTC${sign}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
}

/** The moment to the millisecond in the chosen zone: 2026-11-21 14:03:22.123 UTC+01:00. Sorts as text, pastes anywhere. */
export function moment(time: number | null | undefined, zone: Zone): string {
  if (time == null || !Number.isFinite(time)) return UNKNOWN;
  const date = new Date(Math.round(time * 1000));
  if (Number.isNaN(date.getTime())) return UNKNOWN;
  const shifted = zone === 'utc' ? date : new Date(date.getTime() - date.getTimezoneOffset() * MINUTE * 1000);
  return `${shifted.toISOString().slice(0, 23).replace('T', ' ')} ${offsetOf(date, zone)}`;
}

/** Hour and minute in the chosen zone, for axes: 14:03. */
export function clock(time: number, zone: Zone): string {
  return moment(time, zone).slice(11, 16);
}
