import type { Queue, Worker } from '../api/types';
import type { FailureGroup } from '../failures/types';
import { compact, count } from '../format/number';
import { duration } from '../format/time';
import { isAbandoned } from '../queues/abandoned';
import type { Gap } from './types';

export type Target =
  | { readonly to: 'worker'; readonly name: string }
  | { readonly to: 'task'; readonly uuid: string }
  | { readonly to: 'queues'; readonly name: string };

/** One thing that is not as it was. */
export interface Change {
  readonly key: string;
  readonly at: number | null;
  readonly tone: 'lost' | 'failure' | 'retry' | 'pending' | 'success';
  readonly word: string;
  readonly text: string;
  readonly target: Target | null;
}

const GAP_WORDS: Readonly<Record<string, string>> = {
  stopped: 'the monitor was not running',
  disconnected: 'the broker could not be reached',
  'cut-off': 'Redis cut the connection',
  dropped: 'more came than could be stored',
  'not-sent': 'workers did not send all events',
};

function workerChanges(worker: Worker, start: number): Change[] {
  const { hostname, state, last_heartbeat, first_seen, since, restarts } = worker;
  const target = { to: 'worker', name: hostname } as const;
  const found: Change[] = [];
  if (state === 'lost')
    found.push({
      key: `lost ${hostname}`,
      at: last_heartbeat,
      tone: 'lost',
      word: 'Lost',
      text: hostname,
      target,
    });
  if (state === 'offline' && (last_heartbeat ?? 0) > start)
    found.push({
      key: `off ${hostname}`,
      at: last_heartbeat,
      tone: 'pending',
      word: 'Stopped',
      text: hostname,
      target,
    });
  if (since !== null && since > start) {
    const text = `${hostname}, ${count(restarts, 'restart')} in all`;
    found.push({ key: `new ${hostname}`, at: since, tone: 'retry', word: 'Restarted', text, target });
  } else if (state === 'online' && (first_seen ?? 0) > start)
    found.push({
      key: `up ${hostname}`,
      at: first_seen,
      tone: 'success',
      word: 'Came',
      text: hostname,
      target,
    });
  return found;
}

function gapChange(gap: Gap): Change {
  const length =
    gap.end === null ? 'goes on' : `for ${duration(Math.max(1, Math.round(gap.end - gap.start)))}`;
  const missed = gap.missed ? `, ${count(gap.missed, 'task')} missed` : '';
  const text = `${GAP_WORDS[gap.why] ?? gap.why} ${length}${missed}`;
  return { key: `gap ${gap.id}`, at: gap.start, tone: 'retry', word: 'Not seen', text, target: null };
}

/** Whether a kind of failure began within the last quarter of what was looked at: it was not there before. */
function isNew(group: FailureGroup, span: { readonly start: number; readonly end: number }): boolean {
  return group.first > span.end - (span.end - span.start) / 4;
}

function failureChange(group: FailureGroup): Change {
  const text = `${group.exception || 'Failure'} in ${group.name ?? 'a task without a name'}, ${group.n === 1 ? 'once' : `${compact(group.n)} times`}`;
  const target = { to: 'task', uuid: group.task } as const;
  return { key: `fail ${group.task}`, at: group.first, tone: 'failure', word: 'New failure', text, target };
}

function queueChange({ name, ready, growth }: Queue): Change {
  const text = `${name}: ${compact(ready)} ready, ${compact(growth)} more each second`;
  return {
    key: `queue ${name}`,
    at: null,
    tone: 'retry',
    word: 'Grows',
    text,
    target: { to: 'queues', name },
  };
}

function abandonedChange({ name, ready }: Queue): Change {
  return {
    key: `abandoned ${name}`,
    at: null,
    tone: 'failure',
    word: 'No consumer',
    text: `${name}: ${compact(ready)} ready, and no worker takes them`,
    target: { to: 'queues', name },
  };
}

interface Known {
  readonly start: number;
  readonly end: number;
  readonly workers: readonly Worker[];
  readonly gaps: readonly Gap[];
  readonly failures: readonly FailureGroup[];
  readonly queues: readonly Queue[];
}

/** What changed within a range, what goes on first, then the newest. */
export function changesOf({ start, end, workers, gaps, failures, queues }: Known): Change[] {
  const abandoned = queues.filter(isAbandoned);
  const growing = queues.filter(
    (queue) => !isAbandoned(queue) && (queue.growth ?? 0) > 0 && (queue.ready ?? 0) > 0,
  );
  const found = [
    ...abandoned.map(abandonedChange),
    ...growing.map(queueChange),
    ...workers.flatMap((worker) => workerChanges(worker, start)),
    ...gaps.map(gapChange),
    ...failures.filter((group) => group.silence === null && isNew(group, { start, end })).map(failureChange),
  ];
  const order = ({ at }: Change) => at ?? Infinity;
  return found
    .filter(({ at }) => at === null || at <= end)
    .sort((left, right) => (order(left) === order(right) ? 0 : order(right) - order(left)));
}
