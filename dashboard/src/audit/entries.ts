import * as v from 'valibot';

/** A request that changed something or would have; times are epoch seconds. */
export interface AuditEntry {
  readonly id: number;
  readonly at: number;
  readonly user: string;
  readonly role: string;
  readonly address: string;
  readonly method: string;
  readonly path: string;
  readonly detail: string;
  readonly status: number;
  readonly outcome: string;
}

/** The URL of the audit. */
export const auditSearch = v.object({
  search: v.optional(v.fallback(v.optional(v.pipe(v.string(), v.minLength(1))), undefined)),
  done: v.optional(v.fallback(v.optional(v.picklist(['done', 'refused'])), undefined)),
});
export type AuditSearch = v.InferOutput<typeof auditSearch>;

export function isDone({ status }: Pick<AuditEntry, 'status'>): boolean {
  return status < 400;
}

/** The entries that a filter fits: each word of it somewhere in the entry, whatever its case. */
export function chosen(entries: readonly AuditEntry[], { search, done }: AuditSearch): AuditEntry[] {
  const words = (search ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter((entry) => {
    if (done !== undefined && isDone(entry) !== (done === 'done')) return false;
    const { user, role, address, method, path, detail, outcome } = entry;
    const text = [user, role, address, method, path, detail, outcome].join('\n').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

const VERBS: readonly (readonly [RegExp, string])[] = [
  [/^\/api\/worker\/shutdown\/(.+)$/, 'Shut down $1'],
  [/^\/api\/worker\/pool\/restart\/(.+)$/, 'Restart the pool of $1'],
  [/^\/api\/worker\/pool\/grow\/(.+)$/, 'Grow the pool of $1'],
  [/^\/api\/worker\/pool\/shrink\/(.+)$/, 'Shrink the pool of $1'],
  [/^\/api\/worker\/pool\/autoscale\/(.+)$/, 'Set the autoscale range of $1'],
  [/^\/api\/v1\/workers\/(.+)\/pool$/, 'Set the pool size of $1'],
  [/^\/api\/worker\/queue\/add-consumer\/(.+)$/, 'Add a queue to $1'],
  [/^\/api\/worker\/queue\/cancel-consumer\/(.+)$/, 'Take a queue from $1'],
  [/^\/api\/task\/rate-limit\/(.+)$/, 'Set the rate limit of $1'],
  [/^\/api\/task\/timeout\/(.+)$/, 'Set the time limits of $1'],
  [/^\/api\/v1\/tasks\/revoke$/, 'Revoke many tasks'],
  [/^\/api\/(?:v1\/tasks\/(.+)\/revoke|task\/revoke\/(.+))$/, 'Revoke $1$2'],
  [/^\/api\/task\/abort\/(.+)$/, 'Abort $1'],
  [/^\/api\/v1\/tasks$/, 'Send a task'],
  [/^\/api\/task\/(?:apply|async-apply|send-task)\/(.+)$/, 'Send $1'],
  [/^\/api\/v1\/failures\/silences$/, 'Silence a failure'],
  [/^\/api\/v1\/failures\/silences\/(.+)$/, 'Lift the silence $1'],
  [/^\/api\/v1\/queues\/(.+)\/purge$/, 'Purge $1'],
  [/^\/api\/v1\/autoscale\/switch$/, 'Switch all policies'],
  [/^\/api\/v1\/autoscale\/policies\/(.+)$/, 'Policy $1'],
];

/** What was asked, in words; the request itself where there are none for it. */
export function actionText({ method, path }: Pick<AuditEntry, 'method' | 'path'>): string {
  const found = VERBS.find(([pattern]) => pattern.test(path));
  return found ? path.replace(found[0], found[1]) : `${method} ${path}`;
}
