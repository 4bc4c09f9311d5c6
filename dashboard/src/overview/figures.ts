import type { Queue, Summary } from '../api/types';
import { compact, count, exact, UNKNOWN } from '../format/number';
import { duration } from '../format/time';
import type { Counts, History } from './types';

export type FigureTone = 'failure' | 'retry' | null;

/** One number at the top of the overview. */
export interface Figure {
  readonly text: string;
  /** What else is to be known of it, in a few words. */
  readonly more: string;
  /** The exact value, on hover. */
  readonly title: string;
  readonly tone: FigureTone;
}

/** Seconds of lag from which it is worth a colour, as in the health sentence. */
const LAGGING = 5;

/** What ended: a retried attempt goes on as the same task, and so may one whose message was rejected. */
export function finished({ succeeded, failed, revoked }: Counts): number {
  return succeeded + failed + revoked;
}

/** How a number changed against the time before, as `12 % more`; empty where there is nothing to compare. */
export function change(now: number, before: number): string {
  if (before === 0) return now === 0 ? 'as before' : 'none before';
  const share = Math.round((now / before - 1) * 100);
  if (share === 0) return 'as before';
  if (share > 900) return 'over ten times more';
  return share > 0 ? `${share} % more` : `${-share} % less`;
}

export function percent(share: number): string {
  if (share > 0 && share < 0.001) return '< 0.1 %';
  if (share < 1 && share > 0.999) return '> 99.9 %';
  return `${Number((share * 100).toPrecision(3))} %`;
}

/** Seconds of the range in which something can have been seen. */
function seconds({ start, end, created }: History, now: number): number {
  return Math.max(60, Math.min(end, now) - Math.max(start, created));
}

/** Tasks that finished, a minute of the range. */
export function perMinute(history: History, now: number): number {
  return (finished(history.counts) / seconds(history, now)) * 60;
}

export function throughputFigure(history: History, now: number): Figure {
  const n = finished(history.counts);
  return {
    text: compact(perMinute(history, now)),
    more: `${compact(n)} finished, ${change(n, finished(history.before))}`,
    title: `${exact(n)} tasks finished`,
    tone: null,
  };
}

export function failedFigure({ counts, before }: History): Figure {
  const ended = counts.succeeded + counts.failed;
  const share = ended === 0 ? UNKNOWN : percent(counts.failed / ended);
  return {
    text: compact(counts.failed),
    more: ended === 0 ? 'nothing ended' : `${share} of what ended, ${change(counts.failed, before.failed)}`,
    title: `${exact(counts.failed)} tasks failed`,
    tone: counts.failed > 0 ? 'failure' : null,
  };
}

export function timeFigure({ times, times_from, start }: History, of: 'wait' | 'run'): Figure {
  const { n, p50, p95, p99 } = times[of];
  const partly = times_from > start ? ', of the newest only' : '';
  return {
    text: duration(p95),
    more: n === 0 ? 'none measured' : `p50 ${duration(p50)}, p99 ${duration(p99)}${partly}`,
    title: `p95 of ${exact(n)} tasks, exact to 2 %`,
    tone: null,
  };
}

function sum(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}

/** `undefined` before the first answer, null where the broker did not give one. */
export function backlogFigure(queues: readonly Queue[] | null | undefined): Figure {
  if (queues == null) {
    const more = queues === null ? 'the broker does not answer' : 'not known yet';
    return { text: UNKNOWN, more, title: '', tone: null };
  }
  const ready = sum(queues.map((queue) => queue.ready));
  const oldest = Math.max(0, ...queues.map((queue) => queue.oldest_age ?? 0));
  const growing = queues.filter(({ growth, ready: n }) => (growth ?? 0) > 0 && (n ?? 0) > 0).length;
  const words = [oldest > 0 && `oldest ${duration(oldest)}`, growing > 0 && `${growing} growing`];
  return {
    text: compact(ready),
    more:
      words.filter(Boolean).join(', ') || `in ${queues.length} ${queues.length === 1 ? 'queue' : 'queues'}`,
    title: ready === null ? 'The broker does not tell' : `${exact(ready)} messages are ready`,
    tone: growing > 0 ? 'retry' : null,
  };
}

export function workersFigure({ workers: { online, offline, lost } }: Summary): Figure {
  const others = [lost > 0 && `${compact(lost)} lost`, offline > 0 && `${compact(offline)} offline`];
  return {
    text: compact(online),
    more: others.filter(Boolean).join(', ') || 'none lost',
    title: `${exact(online)} online`,
    tone: lost > 0 ? 'failure' : online === 0 ? 'retry' : null,
  };
}

export function lagFigure({ broker, events: { lag, rate } }: Summary): Figure {
  const title = 'From a worker’s clock to the store';
  // Where nothing comes in, it is but the age of the last event.
  if (broker.state !== 'connected') return { text: UNKNOWN, more: 'nothing is received', title, tone: null };
  return {
    text: duration(lag),
    more: rate > 0 ? `${compact(rate)} events/s` : 'no event lately',
    title,
    tone: lag !== null && rate > 0 && lag > LAGGING ? 'retry' : null,
  };
}

export function seenFigure({ events: { seen, missed } }: Summary): Figure {
  return {
    text: seen === null ? UNKNOWN : percent(seen),
    more:
      missed > 0
        ? `${count(missed, 'task')} missed`
        : seen === null
          ? 'workers did nothing'
          : 'nothing missed',
    title: 'Part of what workers started in the last hour of which events came',
    tone: missed > 0 ? 'retry' : null,
  };
}
