/** What to do where a request was answered 401; what it asked for was not done. */
export const LOGIN_ENDED = 'The login has ended. Reload the page to log in again.';

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
  if (!response.ok) throw new ApiError(await problemOf(response));
  return response;
}

/** The JSON at `path`. The page and the API come from one server of one version, so its shape is not checked again. */
export async function getJson<Shape>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Shape> {
  const init = { headers: { Accept: 'application/json' }, ...(signal ? { signal } : {}) };
  return (await (await request(address(path, query), init)).json()) as Shape;
}
