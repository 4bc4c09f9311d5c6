import { ApiError } from '../api/client';

/** What a command's route answers: Flower's text, and what each worker said. */
export interface Told {
  readonly message: string;
  readonly acknowledged: boolean;
  readonly replies: Readonly<Record<string, { readonly ok?: unknown; readonly error?: unknown }>>;
  readonly silent: readonly string[];
}

/** What became of an action: a sentence, and whether it was done. */
export interface Answer {
  readonly done: boolean;
  readonly text: string;
}

function said(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What the workers said to a command, each in its own words. */
export function answerOf({ acknowledged, replies, silent }: Told): Answer {
  const answers = Object.entries(replies).map(([host, { ok, error }]) =>
    error === undefined ? `${host} answered: ${said(ok)}` : `${host} refused: ${said(error)}`,
  );
  const quiet = silent.map(
    (host) => `${host} did not answer: it is busy, gone, or its remote control is off`,
  );
  return { done: acknowledged, text: [...answers, ...quiet].join('. ') };
}

/** What the server said to a request that it refused. */
export function refusalOf(error: unknown): Answer {
  if (error instanceof ApiError) return { done: false, text: error.message };
  return { done: false, text: error instanceof Error ? error.message : String(error) };
}
