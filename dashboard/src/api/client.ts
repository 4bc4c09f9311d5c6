/** What to do where a request was answered 401; what it asked for was not done. */
export const LOGIN_ENDED = 'The login had ended. Once you are logged in, do it again.';

/** Event of the document: a request was answered 401; its detail is `LoggedOut`. `app/login.ts` listens. */
export const LOGGED_OUT = 'flower:logged-out';
/** Event of the document: the server knows again who reads the page. */
export const LOGGED_IN = 'flower:logged-in';

/** Attribute of the document's element while the server does not know who reads the page; `app/login.ts` sets it. */
export const OUT = 'data-logged-out';

export interface LoggedOut {
  /** It would have changed something: somebody waits for it now. */
  readonly wrote: boolean;
}

/** An RFC 9457 problem as our servers write it. */
export interface Problem {
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** The field of the request that was refused. */
  readonly field?: string;
}

/** A request that did not bring what was asked for; `status` is 0 when nothing answered at all. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(readonly problem: Problem) {
    super(problem.detail || problem.title);
  }

  get status(): number {
    return this.problem.status;
  }

  /** Asking again can help: nothing answered, or the server says that it is its own trouble. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** Nobody is logged in, so that nothing was done. */
export function isLoggedOut(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

export type Query = Readonly<Record<string, string | number | readonly string[] | null | undefined>>;

/** The address of `path` (no leading slash) under the page's `<base>`. Empty values are left out, lists repeat. */
export function address(path: string, query: Query = {}): string {
  const url = new URL(path, document.baseURI);
  for (const [key, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? (value as readonly string[]) : [value])
      if (item != null && item !== '') url.searchParams.append(key, String(item));
  }
  return url.href;
}

function text(value: unknown, fallback: string): string {
  return typeof value === 'string' && value !== '' ? value : fallback;
}

async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  const said = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const field = typeof said['field'] === 'string' ? { field: said['field'] } : {};
  return {
    title: text(said['title'], response.statusText || `HTTP ${response.status}`),
    status: response.status,
    detail: text(said['detail'], `The server answered ${response.status}.`),
    ...field,
  };
}

/** Asks; whatever is not a 2xx answer becomes an `ApiError`, an abort stays an abort. */
export async function request(url: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, { ...init, credentials: 'same-origin' }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    const detail = 'The server did not answer. It may be restarting, or the network between is cut.';
    throw new ApiError({ title: 'No answer', status: 0, detail });
  });
  if (response.ok) return response;
  const error = new ApiError(await problemOf(response));
  if (isLoggedOut(error)) {
    const detail: LoggedOut = { wrote: init.method !== undefined && init.method !== 'GET' };
    document.dispatchEvent(new CustomEvent(LOGGED_OUT, { detail }));
  }
  throw error;
}

/** Resolves once somebody has logged in again; rejects when nobody waits for that any more. */
function loggedIn(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    document.addEventListener(LOGGED_IN, () => resolve(), { once: true, ...(signal ? { signal } : {}) });
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

/**
 * The JSON at `path`. The page and the API come from one server of one version, so its shape is not checked again.
 *
 * Where the login has ended it waits for the next one and asks once more: an error would take the place of what the
 * page shows, and with it go what somebody has typed there. Nothing is asked in vain meanwhile: a password that is wrong
 * by now is counted each time, and past ten a minute the right one is refused too.
 */
export async function getJson<Shape>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Shape> {
  const init = { headers: { Accept: 'application/json' }, ...(signal ? { signal } : {}) };
  const ask = () => request(address(path, query), init);
  if (document.documentElement.hasAttribute(OUT)) await loggedIn(signal);
  const response = await ask().catch(async (error: unknown) => {
    if (!isLoggedOut(error)) throw error;
    await loggedIn(signal);
    return ask();
  });
  return (await response.json()) as Shape;
}
