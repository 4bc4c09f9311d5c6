import type { Worker } from '../api/types';
import type { Fact } from '../components/Facts';
import { Duration, ExactTime, RelativeTime } from '../components/Time';
import { bytes, exact, UNKNOWN } from '../format/number';
import { duration } from '../format/time';
import { loadText } from './columns';
import { poolWord, sizeOf } from './pool';
import type { Stats } from './types';

function seen({ tasks_due, tasks_missed }: Worker): string {
  if (tasks_due === 0) return UNKNOWN;
  return tasks_missed === 0
    ? `All of ${exact(tasks_due)}`
    : `All but ${exact(tasks_missed)} of ${exact(tasks_due)}`;
}

function ahead(offset: number | null): string {
  if (offset === null) return UNKNOWN;
  if (Math.abs(offset) < 0.05) return 'As the monitor';
  return `${duration(offset)} ${offset > 0 ? 'ahead' : 'behind'}`;
}

/** What its events tell of a worker. */
export function eventFacts(worker: Worker): Fact[] {
  const restarted =
    worker.since === null ? (
      String(worker.restarts)
    ) : (
      <>
        {worker.restarts}, the last <RelativeTime time={worker.since} />
      </>
    );
  return [
    { name: 'Heartbeat', value: <RelativeTime time={worker.last_heartbeat} /> },
    { name: 'Sent every', value: <Duration seconds={worker.freq} /> },
    { name: 'First seen', value: <ExactTime time={worker.first_seen} /> },
    { name: 'Active tasks', value: exact(worker.active) },
    { name: 'Processed since its start', value: exact(worker.processed) },
    { name: 'Restarts', value: restarted },
    { name: 'Load 1, 5, 15 min', value: loadText(worker.loadavg) },
    { name: 'Starts of tasks seen', value: seen(worker) },
    { name: 'Its clock', value: ahead(worker.clock_offset) },
    { name: 'Process', value: worker.pid === null ? UNKNOWN : String(worker.pid) },
    { name: 'Software', value: [worker.sw_ident, worker.sw_ver].filter(Boolean).join(' ') || UNKNOWN },
    { name: 'System', value: worker.sw_sys ?? UNKNOWN },
  ];
}

function timeLimits(timeouts: readonly (number | null)[] | undefined): string {
  const [soft, hard] = timeouts ?? [];
  if (!soft && !hard) return 'None';
  return `${soft ? duration(soft) : 'none'} soft, ${hard ? duration(hard) : 'none'} hard`;
}

/** What it says of its pool. */
export function poolFacts(stats: Stats | undefined): Fact[] {
  if (stats === undefined) return [];
  const { pool, autoscaler, rusage } = stats;
  return [
    { name: 'Pool', value: poolWord(pool?.implementation) ?? UNKNOWN },
    { name: 'Processes, threads or greenlets', value: exact(sizeOf(stats)) },
    ...(autoscaler ? [{ name: 'Autoscales between', value: `${autoscaler.min} and ${autoscaler.max}` }] : []),
    { name: 'Takes at most', value: `${exact(stats.prefetch_count)} messages at a time` },
    { name: 'Time limits', value: timeLimits(pool?.timeouts) },
    { name: 'Up for', value: duration(stats.uptime) },
    // Celery's `maxrss` is in kilobytes (resource.getrusage on Linux).
    { name: 'Most memory of its main process', value: bytes(rusage?.maxrss && rusage.maxrss * 1024) },
  ];
}
