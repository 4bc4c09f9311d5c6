import * as v from 'valibot';
import type { Queue } from '../../api/types';
import type { History } from '../../overview/types';

/*
 * What monitors answer. A monitor may be of another version than the fleet, and its image anybody's: an answer is
 * checked before a page is made of it.
 */

const number = v.number();
const known = v.nullable(number);
const counts = v.object({
  succeeded: number,
  failed: number,
  retried: number,
  revoked: number,
  rejected: number,
});
const distribution = v.object({ n: number, p50: known, p95: known, p99: known });
const times = v.object({ wait: distribution, run: distribution });
const gap = v.object({
  id: number,
  why: v.string(),
  start: number,
  end: known,
  detail: v.nullable(v.string()),
  missed: known,
  events: known,
  workers: v.record(v.string(), number),
  more: number,
});

const history = v.object({
  start: number,
  end: number,
  step: v.pipe(number, v.minValue(1)),
  error: number,
  created: number,
  points: v.pipe(v.array(v.object({ start: number, counts, times: v.nullable(times) })), v.maxLength(1000)),
  counts,
  before: counts,
  times,
  times_from: number,
  gaps: v.array(gap),
});

/** Of a queue no more than is compared. */
const queues = v.object({
  items: v.array(v.object({ name: v.string(), ready: known, oldest_age: known, growth: known })),
});
export type Depth = Pick<Queue, 'name' | 'ready' | 'oldest_age' | 'growth'>;

function read<Schema extends v.GenericSchema>(schema: Schema, answer: unknown): v.InferOutput<Schema> {
  const result = v.safeParse(schema, answer);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const where = v.getDotPath(issue) ?? 'the answer';
  throw new Error(`The monitor answered what can’t be read (${where}: ${issue.message}).`);
}

/** The answer of `api/v1/history`. */
export function readHistory(answer: unknown): History {
  return read(history, answer);
}

/** The answer of `api/v1/queues`. */
export function readQueues(answer: unknown): readonly Depth[] {
  return read(queues, answer).items;
}
