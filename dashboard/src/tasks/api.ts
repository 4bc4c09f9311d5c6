import { queryOptions } from '@tanstack/react-query';
import { address, getJson, request } from '../api/client';
import { sendJson } from '../api/send';

/** What workers said to a command: by host name `ok` or `error`. */
export interface Answers {
  readonly acknowledged: boolean;
  readonly replies: Readonly<Record<string, { readonly ok?: unknown; readonly error?: unknown }>>;
  readonly silent: readonly string[];
}

export interface Revoked extends Answers {
  readonly uuid: string;
  readonly state: string | null;
}

/** What a bulk revoke did, or would do. */
export interface Revocation {
  readonly dry_run: boolean;
  readonly matched: number;
  readonly more: boolean;
  readonly first: readonly string[];
  readonly sent: number;
  readonly acknowledged: boolean;
  readonly refused: Readonly<Record<string, string>>;
  readonly silent: readonly string[];
}

/** What a task was called with; `args` and `kwargs` are texts of JSON. */
export interface TaskCall {
  readonly uuid: string;
  readonly name: string | null;
  readonly queue: string | null;
  readonly args: string | null;
  readonly kwargs: string | null;
  readonly doubts: readonly Doubt[];
}

export interface Doubt {
  readonly field: 'name' | 'queue' | 'args' | 'kwargs';
  readonly why: string;
}

export interface TaskResult {
  readonly state: string;
  readonly result: unknown;
  readonly meta: unknown;
  readonly traceback: string | null;
  readonly date_done: string | null;
  readonly progress: {
    readonly current: number;
    readonly total: number;
    readonly percent: number | null;
  } | null;
}

interface Distribution {
  readonly n: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

export interface Latencies {
  readonly rows: readonly { readonly n: number; readonly wait: Distribution; readonly run: Distribution }[];
}

function of(uuid: string, what: string): string {
  return `api/v1/tasks/${encodeURIComponent(uuid)}/${what}`;
}

export interface Ending {
  readonly terminate: boolean;
  readonly signal: string;
}

export const revokeTask = (uuid: string, ending: Ending) =>
  sendJson<Revoked>('POST', of(uuid, 'revoke'), JSON.stringify(ending));

/** Without `expect` it is a dry run; with it at most so many are revoked. `which` are filters, or `uuids`. */
export const revokeTasks = (which: Readonly<Record<string, unknown>>, expect?: number) =>
  sendJson<Revocation>(
    'POST',
    'api/v1/tasks/revoke',
    JSON.stringify({ ...which, dry_run: expect === undefined, expect }),
  );

/** Its state afterwards: ABORTED, or how it had ended before. Flower's route: its path takes slashes in an id. */
export const abortTask = async (uuid: string) => {
  const path = `api/task/abort/${uuid.split('/').map(encodeURIComponent).join('/')}`;
  return (await (await request(address(path), { method: 'POST' })).json()) as { readonly state: string };
};

export const readCall = (uuid: string, signal?: AbortSignal) =>
  getJson<TaskCall>(of(uuid, 'call'), {}, signal);

export interface NewCall {
  readonly name: string;
  readonly queue: string;
  /** Texts of JSON. */
  readonly args: string;
  readonly kwargs: string;
}

/** The request that sends a task. Put together as text: `JSON.parse` would round long numbers. */
export function bodyOf({ name, queue, args, kwargs }: NewCall): string {
  const place = queue === '' ? '' : `, "queue": ${JSON.stringify(queue)}`;
  return `{"name": ${JSON.stringify(name)}, "args": ${args}, "kwargs": ${kwargs}${place}}`;
}

export const sendTask = (call: NewCall) =>
  sendJson<{ readonly uuid: string; readonly name: string }>('POST', 'api/v1/tasks', bodyOf(call));

export const callQuery = (uuid: string) =>
  queryOptions({ queryKey: ['call', uuid], queryFn: ({ signal }) => readCall(uuid, signal) });

export const resultQuery = (uuid: string) =>
  queryOptions({
    queryKey: ['result', uuid],
    queryFn: ({ signal }) => getJson<TaskResult>(of(uuid, 'result'), {}, signal),
  });

/** Days over which "usual" is meant. */
export const USUAL_DAYS = 7;

/** How long the tasks of a name usually wait and run: those that succeeded in the last days. */
export const usualQuery = (name: string, now: number) =>
  queryOptions({
    queryKey: ['usual', name],
    queryFn: ({ signal }) => {
      const start = Math.floor(now - USUAL_DAYS * 86_400);
      return getJson<Latencies>('api/v1/latencies', { name, state: ['SUCCESS'], start }, signal);
    },
    staleTime: 60_000,
  });
