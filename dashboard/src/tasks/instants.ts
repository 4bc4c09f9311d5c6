import { moment, type Zone } from '../format/time';

/** A moment of the URL as a `datetime-local` field has it, in the chosen zone; to the minute. */
export function toField(iso: string | undefined, zone: Zone): string {
  if (iso === undefined || Number.isNaN(Date.parse(iso))) return '';
  return moment(Date.parse(iso) / 1000, zone)
    .slice(0, 16)
    .replace(' ', 'T');
}

/** And back; absent where the field is empty or not yet whole. */
export function fromField(text: string, zone: Zone): string | undefined {
  // Browsers read more than what the field writes, each in its own way.
  if (!/^\d{4,6}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(text)) return undefined;
  const time = Date.parse(zone === 'utc' ? `${text}Z` : text);
  return Number.isNaN(time) ? undefined : iso(time / 1000);
}

/** A moment of whole seconds as the URL has it. */
export function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
