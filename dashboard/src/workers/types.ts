import type { Worker } from '../api/types';

/** What a worker told of its pool and queues. */
export interface WorkerPool {
  readonly hostname: string;
  readonly pool: string | null;
  readonly concurrency: number;
  readonly autoscales: boolean;
  readonly queues: readonly string[];
  readonly age: number;
}

/** What a worker said of itself, and when. */
export interface Told<Value> {
  readonly at: number;
  readonly age: number;
  readonly value: Value;
}

/** A task that a worker has, as Celery tells it. */
export interface HeldTask {
  readonly id: string;
  readonly name: string | null;
  readonly args?: unknown;
  readonly kwargs?: unknown;
  /** When it was started, epoch seconds. */
  readonly time_start?: number | null;
  readonly worker_pid?: number | null;
}

export interface ScheduledTask {
  readonly eta: string | null;
  readonly request: HeldTask;
}

export interface Stats {
  readonly pool?: {
    readonly implementation?: string;
    readonly 'max-concurrency'?: number;
    readonly processes?: unknown;
    readonly 'max-tasks-per-child'?: number | string;
    readonly timeouts?: readonly (number | null)[];
  };
  readonly autoscaler?: { readonly min: number; readonly max: number; readonly current: number };
  readonly prefetch_count?: number;
  readonly uptime?: number;
  readonly pid?: number;
  readonly rusage?: { readonly maxrss?: number };
  readonly total?: Readonly<Record<string, number>>;
}

/** `GET /api/v1/workers/{name}`. */
export interface WorkerDetail {
  readonly hostname: string;
  /** What its events say; null: none came. */
  readonly worker: Worker | null;
  /** Why what it says is missing or old. */
  readonly problem: string | null;
  readonly stats: Told<Stats> | null;
  readonly conf: Told<Readonly<Record<string, unknown>>> | null;
  readonly registered: Told<readonly string[]> | null;
  readonly active_queues: Told<readonly { readonly name: string }[]> | null;
  readonly active: Told<readonly HeldTask[]> | null;
  readonly reserved: Told<readonly HeldTask[]> | null;
  readonly scheduled: Told<readonly ScheduledTask[]> | null;
  readonly revoked: Told<readonly string[]> | null;
}
