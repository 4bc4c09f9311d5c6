import type { FailureGroup, Silence } from '../failures/types';
import type { Counts, Distribution, Gap, History } from '../overview/types';

const NOTHING: Counts = { succeeded: 0, failed: 0, retried: 0, revoked: 0, rejected: 0 };
const UNMEASURED: Distribution = { n: 0, p50: null, p95: null, p99: null };
const START = 96_000;

interface Known extends Partial<Omit<History, 'points' | 'counts' | 'before'>> {
  readonly points?: readonly Partial<Counts>[];
  readonly counts?: Partial<Counts>;
  readonly before?: Partial<Counts>;
}

/** A history of minutes from the time 96 000 on; only its first step has times: 1, 2 and 3 seconds. */
export function makeHistory({ points = [{}], counts, before, ...known }: Known = {}): History {
  const measured = { n: 9, p50: 1, p95: 2, p99: 3 };
  return {
    start: START,
    end: START + points.length * 60,
    step: 60,
    error: 0.02,
    created: 1,
    points: points.map((point, index) => ({
      start: START + index * 60,
      counts: { ...NOTHING, ...point },
      times: index === 0 ? { wait: measured, run: measured } : null,
    })),
    counts: { ...NOTHING, ...counts },
    before: { ...NOTHING, ...before },
    times: { wait: UNMEASURED, run: measured },
    times_from: START,
    gaps: [],
    ...known,
  };
}

export function makeGap(known: Partial<Gap> = {}): Gap {
  return {
    id: 1,
    why: 'stopped',
    start: START,
    end: START + 60,
    detail: null,
    missed: null,
    events: null,
    workers: {},
    more: 0,
    ...known,
  };
}

export function makeFailure(known: Partial<FailureGroup> = {}): FailureGroup {
  return {
    id: 'f1',
    name: 'shop.orders.place',
    exception: 'ValueError',
    place: { file: '/app/shop/orders.py', line: 17, function: 'place' },
    message: "ValueError('no such sku')",
    n: 3,
    first: 96_000,
    last: 99_000,
    task: 't1',
    workers: { 'w1@host': 3 },
    other_workers: 0,
    queues: { celery: 3 },
    other_queues: 0,
    parts: [1, 2],
    silence: null,
    ...known,
  };
}

/** Of what `makeFailure` makes. */
export function makeSilence(known: Partial<Silence> = {}): Silence {
  return {
    id: 'f1',
    name: 'shop.orders.place',
    exception: 'ValueError',
    file: '/app/shop/orders.py',
    function: 'place',
    reason: 'a fix is on its way',
    user: 'ann',
    at: 99_000,
    until: 110_000,
    ...known,
  };
}
