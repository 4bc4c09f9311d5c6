import * as v from 'valibot';
import type { Zone } from '../format/time';
import { moment } from '../format/time';

/** Ranges that end now, by the word in the URL; those of the task list have the same words there. */
export const SPANS = {
  '5m': { label: 'Last 5 minutes', seconds: 300 },
  '1h': { label: 'Last hour', seconds: 3600 },
  '6h': { label: 'Last 6 hours', seconds: 21_600 },
  '24h': { label: 'Last 24 hours', seconds: 86_400 },
  '7d': { label: 'Last 7 days', seconds: 604_800 },
  '30d': { label: 'Last 30 days', seconds: 2_592_000 },
  '90d': { label: 'Last 90 days', seconds: 7_776_000 },
} as const;
export type SpanWord = keyof typeof SPANS;
export const SPAN_WORDS = Object.keys(SPANS) as readonly SpanWord[];

/** Seconds: no chart shows less, none more. */
const SHORTEST = 300;
const LONGEST = SPANS['90d'].seconds;

const seconds = v.optional(
  v.fallback(v.optional(v.pipe(v.string(), v.regex(/^\d{1,11}$/))), undefined),
  undefined,
);

/** A range in the URL: a word for one that ends now, or start and end in epoch seconds for one that stays. */
export const rangeSearch = v.object({
  range: v.optional(v.fallback(v.optional(v.picklist(SPAN_WORDS)), undefined)),
  start: seconds,
  end: seconds,
});
export type RangeSearch = v.InferOutput<typeof rangeSearch>;

/** A range in numbers. */
export interface Span {
  readonly start: number;
  readonly end: number;
  /** The word, where it ends now and goes on with the time. */
  readonly word: SpanWord | null;
}

export function spanOf(search: RangeSearch, fallback: SpanWord, now: number): Span {
  const [start, end] = [Number(search.start), Number(search.end)];
  if (search.start !== undefined && search.end !== undefined && end > start)
    return { start, end: Math.max(end, start + 60), word: null };
  const word = search.range ?? fallback;
  return { start: now - SPANS[word].seconds, end: now, word };
}

/** The URL of a range that stays. */
export function fixed(start: number, end: number): RangeSearch {
  return { range: undefined, start: String(Math.floor(start)), end: String(Math.ceil(end)) };
}

/** A part of a range that was dragged over, widened to what a chart can show; null where it was only a press. */
export function zoomed(start: number, end: number, step: number): RangeSearch | null {
  if (end - start < step / 2) return null;
  const missing = Math.max(0, SHORTEST - (end - start));
  return fixed(start - missing / 2, end + missing / 2);
}

/** As long a range before (-1) or after (1) this one; the newest that there is ends now. */
export function moved(span: Span, by: -1 | 1, now: number): RangeSearch {
  const length = span.end - span.start;
  const end = Math.min(now, span.end + by * length);
  return fixed(end - length, end);
}

/** Twice as long, around the same middle. */
export function wider(span: Span, now: number): RangeSearch {
  const length = Math.min(LONGEST, 2 * (span.end - span.start));
  const end = Math.min(now, (span.start + span.end + length) / 2);
  return fixed(end - length, end);
}

/** The range in words. */
export function spanText(span: Span, zone: Zone): string {
  if (span.word !== null) return SPANS[span.word].label;
  const [from, to] = [moment(span.start, zone).slice(0, 16), moment(span.end, zone).slice(0, 16)];
  return `${from} to ${to.slice(0, 10) === from.slice(0, 10) ? to.slice(11) : to}`;
}
