import type { HistoryEntry } from '../api/types';

/** How an attempt came to be: the first, after a retry, or because the message was delivered again. */
export type Cause = 'first' | 'retry' | 'redelivered';

/** One run of a task, as far as events told. Times are epoch seconds by the senders' clocks. */
export interface Attempt {
  readonly cause: Cause;
  readonly worker: string | null;
  readonly sent: number | null;
  readonly received: number | null;
  readonly started: number | null;
  readonly ended: number | null;
  /** The type of the event that ended it; null: none was seen. */
  readonly end: string | null;
}

type Draft = { -readonly [Key in keyof Attempt]: Attempt[Key] };

const FINAL: ReadonlySet<string> = new Set([
  'task-succeeded',
  'task-failed',
  'task-revoked',
  'task-rejected',
]);

function draft(cause: Cause, known: Partial<Draft> = {}): Draft {
  const nothing = { worker: null, sent: null, received: null, started: null, ended: null, end: null };
  return { cause, ...nothing, ...known };
}

/**
 * The events of a task as its attempts, oldest first.
 *
 * A retry sends its message before it says `task-retried`, and the next worker may even receive it before that: events
 * are given to the attempt of their worker that still lacks them, not to the newest. A second receipt without a retry
 * is the broker delivering the message again (its worker was lost, or acknowledged late).
 */
export function attemptsOf(history: readonly HistoryEntry[]): readonly Attempt[] {
  const ordered = [...history].sort((left, right) => left.timestamp - right.timestamp);
  const count = (wanted: string) => ordered.filter(({ type }) => type === wanted).length;
  const retries = count('task-retried');
  const attempts: Draft[] = [];
  // Each retry sends one message: only with one more was the first one seen too.
  const state: Progress = { retriesLeft: retries, resent: null, firstUnsent: count('task-sent') > retries };
  for (const event of ordered) take(attempts, event, state);
  return attempts;
}

interface Progress {
  retriesLeft: number;
  resent: number | null;
  /** The sending of the first message is still to come: its event is sent after it, and a worker may be quicker. */
  firstUnsent: boolean;
}

function take(attempts: Draft[], event: HistoryEntry, state: Progress): void {
  const { type, timestamp, worker } = event;
  if (type === 'task-sent') {
    if (state.firstUnsent) Object.assign(attempts[0] ?? push(attempts, draft('first')), { sent: timestamp });
    else state.resent = timestamp;
    state.firstUnsent = false;
  } else if (type === 'task-received') {
    const waiting = attempts.find((attempt) => attempt.received === null && attempt.started === null);
    Object.assign(waiting ?? another(attempts, state), { received: timestamp, worker });
  } else if (type === 'task-started') {
    const own = attempts.find(
      ({ started, end, ...one }) => started === null && end === null && mine(one.worker, worker),
    );
    Object.assign(own ?? another(attempts, state), { started: timestamp, worker });
  } else if (type === 'task-retried') {
    finish(attempts.find(({ started, end }) => started !== null && end === null) ?? last(attempts), event);
  } else if (FINAL.has(type)) {
    const own = attempts.findLast(({ end, ...one }) => end === null && mine(one.worker, worker));
    finish(own ?? attempts.findLast(({ end }) => end === null) ?? last(attempts), event);
  }
}

function mine(attempt: string | null, worker: string | null): boolean {
  return attempt === null || attempt === worker;
}

function another(attempts: Draft[], state: Progress): Draft {
  if (attempts.length === 0) return push(attempts, draft('first'));
  const retried = state.retriesLeft > 0;
  if (retried) state.retriesLeft -= 1;
  const sent = state.resent;
  state.resent = null;
  return push(attempts, draft(retried ? 'retry' : 'redelivered', { sent }));
}

function push(attempts: Draft[], attempt: Draft): Draft {
  attempts.push(attempt);
  return attempt;
}

/** The attempt that an end belongs to where no event told of it before: some tasks end without having been received. */
function last(attempts: Draft[]): Draft {
  return attempts.at(-1) ?? push(attempts, draft('first'));
}

function finish(attempt: Draft, { type, timestamp, worker }: HistoryEntry): void {
  attempt.end = type;
  attempt.ended = timestamp;
  attempt.worker ??= worker;
}

/** Seconds until it was started, from its sending or else its receipt. */
export function waited({ sent, received, started }: Attempt): number | null {
  const from = sent ?? received;
  return from === null || started === null ? null : Math.max(0, started - from);
}

/** Seconds that it ran; null while it does, or where its start or end was not seen. */
export function ran({ started, ended }: Attempt): number | null {
  return started === null || ended === null ? null : Math.max(0, ended - started);
}

const WORDS: Readonly<Record<Cause, string>> = {
  first: 'First attempt',
  retry: 'Retry',
  redelivered: 'Delivered again',
};

export function causeWord({ cause }: Attempt, number: number): string {
  return cause === 'first' ? WORDS.first : `${WORDS[cause]}: attempt ${number}`;
}
