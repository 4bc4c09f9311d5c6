import type { Me } from '../api/me';
import type { Monitor, Queue, Summary, Task, Worker } from '../api/types';

/** A task with nothing known but what is given. */
export function makeTask(known: Partial<Task> & Pick<Task, 'uuid'>): Task {
  return {
    name: 'shop.orders.place',
    state: 'SUCCESS',
    worker: 'celery@one',
    queue: 'celery',
    received: 1000,
    sent: null,
    started: null,
    succeeded: null,
    failed: null,
    retried: null,
    revoked: null,
    rejected: null,
    runtime: null,
    timestamp: 1000,
    args: null,
    kwargs: null,
    result: null,
    exception: null,
    retries: null,
    eta: null,
    expires: null,
    exchange: null,
    routing_key: null,
    root_id: null,
    parent_id: null,
    client: null,
    clock: null,
    cut: {},
    verdict: null,
    ...known,
  };
}

/** A healthy monitor at the time 100 000. */
export function makeSummary(known: Partial<Summary> = {}): Summary {
  return {
    monitor: { name: 'orders', namespace: 'team-a', version: '0.1.0', started: 90_000, now: 100_000 },
    broker: {
      kind: 'redis',
      url: 'redis://broker:6379/0',
      state: 'connected',
      since: 90_000,
      attempts: 0,
      last_error: null,
    },
    workers: { online: 3, offline: 0, lost: 0 },
    tasks: { kept: 10, states: { SUCCESS: 9, FAILURE: 1 } },
    events: {
      received: 100,
      dropped: 0,
      invalid: 0,
      rate: 12.4,
      lag: 0.21,
      last: 99_999,
      missed: 0,
      seen: 1,
    },
    store: {
      kind: 'sqlite',
      bytes: 1000,
      oldest: 90_000,
      state: 'ok',
      retention: { age: null, tasks: 100_000 },
    },
    throughput: [],
    notices: [],
    ...known,
  };
}

export function makeWorker(known: Partial<Worker> & Pick<Worker, 'hostname'>): Worker {
  return {
    state: 'online',
    pid: 1,
    active: 0,
    processed: 0,
    loadavg: null,
    freq: 2,
    first_seen: 1,
    last_heartbeat: 1,
    sw_ident: null,
    sw_ver: null,
    sw_sys: null,
    task_events: true,
    counters: {},
    since: null,
    restarts: 0,
    shared: false,
    clock_offset: null,
    lag: null,
    tasks_due: 0,
    tasks_missed: 0,
    ...known,
  };
}

export function makeMonitor(known: Partial<Monitor> & Pick<Monitor, 'name'>): Monitor {
  return {
    namespace: 'team-a',
    ready: true,
    reason: null,
    message: null,
    suspended: false,
    broker: { kind: 'redis', state: 'connected', url: null },
    version: '0.1.0',
    url: null,
    observed: { at: 100_000, stale: false, error: null },
    backlog: { tasks: 0, sent: null, received: 0, unknown: 'Nobody tells.' },
    summary: makeSummary(),
    ...known,
  };
}

/** An administrator. */
export function makeMe(known: Partial<Me> = {}): Me {
  return {
    name: 'ann',
    role: 'admin',
    permissions: ['view', 'autoscale:read', 'drain', 'control', 'publish', 'administer'],
    holders: {
      view: 'viewer',
      'autoscale:read': 'viewer',
      drain: 'operator',
      control: 'operator',
      publish: 'operator',
      administer: 'admin',
    },
    read_only: false,
    session: false,
    results: true,
    ...known,
  };
}

/** A queue that is empty, and consumed by one worker. */
export function makeQueue(known: Partial<Queue> = {}): Queue {
  return {
    name: 'celery',
    ready: 0,
    unacknowledged: 0,
    consumers: 1,
    oldest_age: 0,
    rate_in: 0,
    rate_out: 0,
    growth: 0,
    drain_time: 0,
    by_priority: null,
    unknown: {},
    ...known,
  };
}
