/**
 * What the servers answer under `/api/v1`. Times are epoch seconds; what is not known is null.
 * The OpenAPI description at `/api/v1/openapi.json` is the same thing in the server's words.
 */

export type Severity = 'info' | 'warning' | 'error';

export interface Notice {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** The lines to paste or the step to take; empty when there is nothing to do. */
  readonly fix: string;
}

export type BrokerState = 'connecting' | 'connected' | 'disconnected';

export interface Broker {
  readonly kind: string;
  /** Without user and password. */
  readonly url: string;
  readonly state: BrokerState;
  readonly since: number | null;
  readonly attempts: number;
  readonly last_error: string | null;
}

export interface ThroughputMinute {
  readonly minute: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly retried: number;
  readonly revoked: number;
}

export interface Summary {
  readonly monitor: {
    readonly name: string;
    readonly namespace: string | null;
    readonly version: string;
    readonly started: number;
    readonly now: number;
  };
  readonly broker: Broker;
  readonly workers: { readonly online: number; readonly offline: number; readonly lost: number };
  readonly tasks: { readonly kept: number; readonly states: Readonly<Record<string, number>> };
  readonly events: {
    readonly received: number;
    readonly dropped: number;
    readonly invalid: number;
    /** Events a second over the last minute. */
    readonly rate: number;
    /** Seconds from an event's making to its being stored. */
    readonly lag: number | null;
    readonly last: number | null;
    /** Tasks of the last hour that workers started and of which no event came. */
    readonly missed: number;
    /** Part of what workers did in the last hour that was seen, 0 to 1. */
    readonly seen: number | null;
  };
  readonly store: {
    readonly kind: string;
    readonly bytes: number;
    /** Bytes that its volume has left. An older monitor in the fleet says nothing of it. */
    readonly free?: number | null;
    readonly oldest: number | null;
    readonly state: string;
    readonly retention: { readonly age: number | null; readonly tasks: number | null };
  };
  readonly throughput: readonly ThroughputMinute[];
  readonly notices: readonly Notice[];
}

export interface Task {
  readonly uuid: string;
  readonly name: string | null;
  readonly state: string;
  readonly worker: string | null;
  readonly queue: string | null;
  readonly received: number | null;
  readonly sent: number | null;
  readonly started: number | null;
  readonly succeeded: number | null;
  readonly failed: number | null;
  readonly retried: number | null;
  readonly revoked: number | null;
  readonly rejected: number | null;
  /** Seconds. */
  readonly runtime: number | null;
  /** Time of the newest event. */
  readonly timestamp: number | null;
  readonly args: string | null;
  readonly kwargs: string | null;
  readonly result: string | null;
  readonly exception: string | null;
  readonly retries: number | null;
  readonly eta: string | number | null;
  readonly expires: string | number | null;
  readonly exchange: string | null;
  readonly routing_key: string | null;
  readonly root_id: string | null;
  readonly parent_id: string | null;
  readonly client: string | null;
  readonly clock: number | null;
  /** Characters missing at the end of a text, by field. */
  readonly cut: Readonly<Record<string, number>>;
  /** What was found out of it, when no event told its end. */
  readonly verdict: Verdict | null;
}

export interface Verdict {
  readonly verdict: string;
  readonly why: string;
  readonly evidence: readonly string[];
  readonly at: number;
}

export interface HistoryEntry {
  readonly type: string;
  readonly timestamp: number;
  readonly worker: string | null;
  /** What a custom event told beside; null: nothing, or it is no longer kept. */
  readonly fields: Readonly<Record<string, unknown>> | null;
}

/** How far a task is, by its custom events; `percent` is null when the total is 0. */
export interface TaskProgress {
  readonly current: number;
  readonly total: number;
  readonly percent: number | null;
}

export interface TaskDetail extends Task {
  readonly traceback: string | null;
  readonly history: readonly HistoryEntry[];
  readonly children: readonly string[];
  readonly progress: TaskProgress | null;
}

export interface TaskPage {
  readonly items: readonly Task[];
  readonly next_cursor: string | null;
}

/** One delta of the live stream: the tasks that changed since the one before. */
export interface TaskDelta {
  readonly items: readonly Task[];
  /** More changed than `items` holds. */
  readonly truncated: boolean;
}

export type WorkerState = 'online' | 'offline' | 'lost';

export interface Worker {
  readonly hostname: string;
  readonly state: WorkerState;
  readonly pid: number | null;
  readonly active: number | null;
  readonly processed: number | null;
  readonly loadavg: readonly number[] | null;
  /** Seconds between two heartbeats. */
  readonly freq: number | null;
  readonly first_seen: number | null;
  readonly last_heartbeat: number | null;
  readonly sw_ident: string | null;
  readonly sw_ver: string | null;
  readonly sw_sys: string | null;
  /** A task event of this worker was seen. */
  readonly task_events: boolean;
  /** Events of this worker by type. */
  readonly counters: Readonly<Record<string, number>>;
  /** When its process took the place of another, by its own clock. */
  readonly since: number | null;
  readonly restarts: number;
  /** Several processes use this name. */
  readonly shared: boolean;
  /** Seconds that its clock is ahead of the monitor's. */
  readonly clock_offset: number | null;
  /** Seconds that its last heartbeat took. */
  readonly lag: number | null;
  /** Tasks it started while it was watched, and those of them of which no event came. */
  readonly tasks_due: number;
  readonly tasks_missed: number;
}

export interface Items<Item> {
  readonly items: readonly Item[];
}

/** Tasks that wait to be started, by their events. */
export interface Backlog {
  /** At least so many where `unknown` says something. */
  readonly tasks: number | null;
  /** At no worker yet. */
  readonly sent: number | null;
  /** At a worker, which has not begun. */
  readonly received: number | null;
  /** What of it is not known, and why; null: everything is. */
  readonly unknown: string | null;
}

/** One FlowerMonitor as the fleet sees it. */
export interface Monitor {
  /** Which other cluster it is of; null: the fleet's own. */
  readonly cluster?: string | null;
  readonly namespace: string;
  readonly name: string;
  readonly ready: boolean;
  readonly reason: string | null;
  readonly message: string | null;
  readonly suspended: boolean;
  readonly broker: {
    readonly kind: string;
    readonly state: string | null;
    readonly url: string | null;
  } | null;
  readonly version: string | null;
  /** Where a person opens its page; null when it is not reachable from outside. */
  readonly url: string | null;
  readonly observed: { readonly at: number | null; readonly stale: boolean; readonly error: string | null };
  readonly backlog: Backlog;
  readonly summary: Summary | null;
}

/** A cluster of which the fleet shows monitors. */
export interface Cluster {
  readonly name: string | null;
  /** Why its list of monitors may be out of date. */
  readonly trouble?: string | null;
}

export interface Fleet extends Items<Monitor> {
  /** The fleet's own. */
  readonly cluster: Cluster;
  /** The others. */
  readonly clusters?: readonly Cluster[] | undefined;
}

/** Which monitor of which cluster. */
export type MonitorRef = Pick<Monitor, 'cluster' | 'namespace' | 'name'>;

/** What a search over all monitors found until its deadline. */
export interface FleetSearchResult {
  readonly query: string;
  readonly items: readonly (MonitorRef & {
    readonly tasks: readonly Pick<Task, 'uuid' | 'name' | 'state' | 'worker' | 'received'>[];
    readonly workers: readonly Pick<Worker, 'hostname' | 'state'>[];
    /** There is more there, or may be. */
    readonly more: boolean;
  })[];
  /** What was looked for may be there, too. */
  readonly unanswered: readonly (MonitorRef & { readonly reason: string })[];
  /** Other clusters of which not all could be asked. */
  readonly clusters?: readonly { readonly cluster: string; readonly reason: string }[];
  readonly asked: number;
  readonly seconds: number;
}

/** One message of the fleet's stream: everything, or what changed since the one before. */
export interface FleetDelta extends Fleet {
  readonly full: boolean;
  readonly removed: readonly MonitorRef[];
}

/** One queue of the broker; of each figure that is null, `unknown` says why. */
export interface Queue {
  readonly name: string;
  readonly ready: number | null;
  readonly unacknowledged: number | null;
  readonly consumers: number | null;
  /** Seconds. */
  readonly oldest_age: number | null;
  /** Messages a second. */
  readonly rate_in: number | null;
  readonly rate_out: number | null;
  readonly growth: number | null;
  /** Seconds. */
  readonly drain_time: number | null;
  readonly by_priority: Readonly<Record<string, number>> | null;
  readonly unknown: Readonly<Record<string, string>>;
}
