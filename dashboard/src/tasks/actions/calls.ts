import { type Doubt, type NewCall, type TaskCall } from '../api';

/** What stands in the fields of a task that is to be sent again; unknown texts are empty, and must be filled in. */
export function draftOf(call: TaskCall): NewCall {
  return { name: call.name ?? '', queue: call.queue ?? '', args: call.args ?? '', kwargs: call.kwargs ?? '' };
}

export type Wrong = Partial<Record<keyof NewCall, string>>;

/** What of a call can't be sent, by field. */
export function wrongOf({ name, args, kwargs }: NewCall): Wrong {
  const found: Wrong = {};
  if (name.trim() === '') found.name = 'A task has a name.';
  if (!isJson(args, Array.isArray)) found.args = 'It must be a JSON array, such as [1, "two"].';
  if (!isJson(kwargs, isObject)) found.kwargs = 'It must be a JSON object, such as {"retries": 3}.';
  return found;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isJson(text: string, kind: (value: unknown) => boolean): boolean {
  try {
    return kind(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** What a second run of a task in a state means. */
export function secondRun(state: string): string {
  const again = 'It does again all that it did: payments, mails, writes. Is the task safe to run twice?';
  if (state === 'SUCCESS') return `This task has succeeded. ${again}`;
  if (state === 'FAILURE') return `This task failed, maybe half way. ${again}`;
  if (state === 'REVOKED' || state === 'REJECTED')
    return 'This task was kept from running, maybe for a reason.';
  return `This task has not ended: it may run beside its second run, or after it. ${again}`;
}

/** What keeps a call from being sent as it is; with a queue of one's own an unknown one does not. */
export function hindrances(call: TaskCall, queue: string): readonly Doubt[] {
  return call.doubts.filter(({ field }) => field !== 'queue' || queue.trim() === '');
}

const FIELD_WORDS: Readonly<Record<Doubt['field'], string>> = {
  name: 'name',
  queue: 'queue',
  args: 'positional arguments',
  kwargs: 'keyword arguments',
};

export function doubtText({ field, why }: Doubt): string {
  return `${FIELD_WORDS[field]}: ${why}`;
}
