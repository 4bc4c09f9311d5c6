import type { Summary } from '../api/types';
import { compact, count } from '../format/number';
import { duration, relative } from '../format/time';

export type Tone = 'success' | 'retry' | 'failure';

export interface Clause {
  readonly tone: Tone;
  readonly text: string;
}

/** Seconds behind the workers from which it is worth saying in colour. */
const LAGGING = 5;

const BROKER_NAMES: Readonly<Record<string, string>> = {
  redis: 'Redis',
  rediss: 'Redis',
  amqp: 'RabbitMQ',
  amqps: 'RabbitMQ',
};

export function brokerName(kind: string): string {
  return BROKER_NAMES[kind] ?? kind;
}

function broker({ broker: { kind, state, since } }: Summary, now: number): Clause {
  const name = brokerName(kind);
  const age = since === null ? '' : ` for ${duration(Math.max(1, Math.floor(now - since)))}`;
  if (state === 'connected') return { tone: 'success', text: `${name} connected` };
  if (state === 'connecting') return { tone: 'retry', text: `${name} not connected yet, trying${age}` };
  return { tone: 'failure', text: `${name} disconnected${age}` };
}

function workers({ workers: { online, offline, lost } }: Summary): Clause {
  const others = [offline > 0 && `${compact(offline)} offline`, lost > 0 && `${compact(lost)} lost`];
  const text = [`${count(online, 'worker')} online`, ...others].filter(Boolean).join(', ');
  if (lost > 0) return { tone: 'failure', text };
  return { tone: online > 0 ? 'success' : 'retry', text };
}

function events({ broker: { state }, events: { rate, lag, last } }: Summary, now: number): Clause {
  if (last === null) return { tone: 'retry', text: 'no event seen yet' };
  // Where nothing comes in, the lag is but the age of the last event.
  if (state !== 'connected') return { tone: 'success', text: `last event ${relative(last, now)}` };
  const text = rate > 0 ? `${compact(rate)} events/s` : `last event ${relative(last, now)}`;
  if (lag === null || rate === 0) return { tone: 'success', text };
  return { tone: lag > LAGGING ? 'retry' : 'success', text: `${text}, ${duration(lag)} behind` };
}

function losses({ events: { dropped, invalid }, store }: Summary): Clause[] {
  const clauses: Clause[] = [];
  if (dropped > 0) clauses.push({ tone: 'retry', text: `${count(dropped, 'event')} dropped` });
  if (invalid > 0) clauses.push({ tone: 'retry', text: `${count(invalid, 'event')} not understood` });
  if (store.state !== 'ok') clauses.push({ tone: 'failure', text: `store: ${store.state}` });
  return clauses;
}

/** How the monitor is, in one sentence: the broker, the workers, the events, and what was lost. */
export function healthOf(summary: Summary, now: number): readonly Clause[] {
  return [broker(summary, now), workers(summary), events(summary, now), ...losses(summary)];
}
