import type { Worker } from '../api/types';

/** Seconds that rates look back, at most, and at least: less is chance. */
const WINDOW = 60;
const LEAST = 4;

/** Events that end an attempt. */
const ENDS = ['task-succeeded', 'task-failed', 'task-retried', 'task-revoked', 'task-rejected'];

export interface Rates {
  /** Attempts that ended in a minute, and those of them that failed. */
  readonly ended: number;
  readonly failed: number;
}

/** What workers had counted at a time. */
export interface Sample {
  readonly at: number;
  readonly workers: readonly Worker[];
}

/** The samples with one more; one that is older than the window stays, to measure from. */
export function sampled(
  samples: readonly Sample[],
  workers: readonly Worker[],
  now: number,
): readonly Sample[] {
  const last = samples.at(-1);
  const kept = last !== undefined && now - last.at < 1 ? samples.slice(0, -1) : samples;
  const from = kept.findLastIndex(({ at }) => at <= now - WINDOW);
  return [...kept.slice(Math.max(0, from)), { at: now, workers }];
}

function counted({ counters }: Worker): Rates {
  const of = (type: string) => counters[type] ?? 0;
  return { ended: ENDS.reduce((sum, type) => sum + of(type), 0), failed: of('task-failed') };
}

/** Rates by host name; of a worker that was not there a moment ago, or counts anew, none is known. */
export function ratesOf(samples: readonly Sample[]): ReadonlyMap<string, Rates> {
  const [first, last] = [samples[0], samples.at(-1)];
  const found = new Map<string, Rates>();
  if (first === undefined || last === undefined || last.at - first.at < LEAST) return found;
  const before = new Map(first.workers.map((worker) => [worker.hostname, counted(worker)]));
  const minutes = (last.at - first.at) / 60;
  for (const worker of last.workers) {
    const [then, now] = [before.get(worker.hostname), counted(worker)];
    if (then === undefined || now.ended < then.ended) continue;
    found.set(worker.hostname, {
      ended: (now.ended - then.ended) / minutes,
      failed: (now.failed - then.failed) / minutes,
    });
  }
  return found;
}
