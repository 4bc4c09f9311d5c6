import type { Task } from '../../api/types';

/** Ways to end a task, and the words for each. */
export type Kind = 'revoke' | 'terminate' | 'abort';

/** Signals that somebody ends a process with, and what each does to a task. The server takes any that there is. */
export const SIGNALS: readonly (readonly [string, string])[] = [
  ['SIGTERM', 'ends it'],
  ['SIGKILL', 'ends it at once: nothing of it can clean up'],
  ['SIGINT', 'interrupts it: KeyboardInterrupt'],
  ['SIGQUIT', 'ends it at once'],
  ['SIGUSR1', 'raises SoftTimeLimitExceeded in it'],
];

export const SETTLED: ReadonlySet<string> = new Set(['SUCCESS', 'FAILURE', 'REVOKED', 'REJECTED']);
const WAITING: ReadonlySet<string> = new Set(['PENDING', 'RECEIVED', 'RETRY']);

/** Why a way to end it makes no sense in a state; null: it does. */
export function pointless(kind: Kind, state: string, results: boolean): string | null {
  if (kind === 'abort' && !results)
    return 'Aborting takes a result backend, and this monitor has none (--result-backend).';
  if (state === 'SUCCESS' || state === 'FAILURE') return 'The task has ended.';
  if (kind === 'revoke' && state === 'REVOKED') return 'The task is revoked already.';
  if (kind === 'terminate' && (WAITING.has(state) || SETTLED.has(state)))
    return 'No worker runs the task now.';
  return null;
}

export interface Wording {
  readonly verb: string;
  /** What will happen, to whom, and whether it can be undone. */
  readonly means: readonly string[];
}

export const WORDING: Readonly<Record<Kind, Wording>> = {
  revoke: {
    verb: 'Revoke',
    means: [
      'No worker will start this task. All workers are told, and remember it until they are started again.',
      'This can’t be taken back: to run it after all, send it again.',
    ],
  },
  terminate: {
    verb: 'Terminate',
    means: [
      'The process that runs this task gets the signal, and the pool starts another in its place. What the task has done so far stays done, half or whole.',
      'Only workers with the pool prefork, gevent or eventlet can. No other worker will start it: it is revoked too.',
      'This can’t be taken back.',
    ],
  },
  abort: {
    verb: 'Abort',
    means: [
      'ABORTED is written to the result backend. A task of celery.contrib.abortable that asks is_aborted() sees it and can end in order.',
      'Any other task does not notice, and runs on.',
    ],
  },
};

/** Pools that can end a task: those whose `terminate_job` Celery 5.7 has (`celery.concurrency`). */
const CAN_TERMINATE: ReadonlySet<string> = new Set(['prefork', 'gevent', 'eventlet']);

/** What there is to know beforehand of this task in particular; `pool`: that of its worker, where it is known. */
export function warning(
  kind: Kind,
  { state, worker }: Pick<Task, 'state' | 'worker'>,
  pool?: string,
): string | null {
  if (state !== 'STARTED')
    return kind === 'revoke' ? 'If a worker runs it already, it goes on to its end.' : null;
  const who = worker ?? 'A worker';
  if (kind === 'revoke')
    return `${who} runs it now, and goes on to its end: revoking keeps others from starting it. To end it, terminate it.`;
  if (kind === 'terminate' && pool !== undefined && !CAN_TERMINATE.has(pool))
    return `${who} has the pool ${pool}, which can’t end a task: this one will run on until it ends by itself, or its worker is stopped.`;
  return null;
}
