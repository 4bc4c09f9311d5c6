import { afterEach, describe, expect, it, vi } from 'vitest';
import { address, ApiError, getJson, isLoggedOut, LOGGED_IN, LOGGED_OUT, OUT, request } from './client';

afterEach(() => {
  vi.unstubAllGlobals();
  document.head.replaceChildren();
});

function answers(response: Response) {
  vi.stubGlobal('fetch', vi.fn<typeof fetch>().mockResolvedValue(response));
}

function fails(error: Error) {
  vi.stubGlobal('fetch', vi.fn<typeof fetch>().mockRejectedValue(error));
}

async function failure(): Promise<ApiError> {
  const error: unknown = await getJson('api/v1/tasks').catch((reason: unknown) => reason);
  if (!(error instanceof ApiError)) throw new Error('an ApiError was expected');
  return error;
}

describe('addresses', () => {
  it('are under the prefix that the server wrote into the page', () => {
    const base = document.createElement('base');
    base.href = '/flower/';
    document.head.append(base);
    expect(address('api/v1/tasks')).toBe('http://localhost:3000/flower/api/v1/tasks');
  });

  it('repeat lists and leave out what is empty', () =>
    expect(address('t', { state: ['A', 'B'], name: undefined, search: '', limit: 5, cursor: null })).toMatch(
      /\/t\?state=A&state=B&limit=5$/,
    ));
});

describe('failures', () => {
  it('carry the problem with its field', async () => {
    answers(
      Response.json(
        { title: 'Bad', status: 400, detail: 'cannot sort by x', field: 'sort' },
        { status: 400 },
      ),
    );
    const error = await failure();
    expect(error).toMatchObject({ status: 400, message: 'cannot sort by x', passing: false });
    expect(error.problem.field).toBe('sort');
  });

  it('of a server that is no longer there can pass', async () => {
    fails(new TypeError('Failed to fetch'));
    expect(await failure()).toMatchObject({ status: 0, passing: true });
  });

  it('of a proxy that knows no problem details are told by their status', async () => {
    answers(new Response('<html>', { status: 502, statusText: 'Bad Gateway' }));
    expect(await failure()).toMatchObject({
      status: 502,
      message: 'The server answered 502.',
      passing: true,
    });
  });

  it('are no failures when we stopped asking ourselves', async () => {
    fails(new DOMException('aborted', 'AbortError'));
    await expect(getJson('x')).rejects.toThrow(DOMException);
  });
});

describe('a login that has ended', () => {
  const unknown = () => Response.json({ title: 'Unauthorized', detail: 'Log in.' }, { status: 401 });

  /** What the document is told; `method` is that of the request. */
  async function told(method: string) {
    answers(unknown());
    const heard = vi.fn<(event: Event) => void>();
    document.addEventListener(LOGGED_OUT, heard, { once: true });
    await expect(request('x', { method })).rejects.toSatisfy(isLoggedOut);
    return (heard.mock.calls[0]?.[0] as CustomEvent).detail as unknown;
  }

  it('is told to the document, with whether somebody wanted a change', async () => {
    expect(await told('PUT')).toEqual({ wrote: true });
    expect(await told('GET')).toEqual({ wrote: false });
  });

  it('is waited for by what is read, which is then asked once more', async () => {
    const fetched = vi.fn<typeof fetch>().mockResolvedValueOnce(unknown());
    fetched.mockResolvedValueOnce(Response.json({ n: 1 }));
    vi.stubGlobal('fetch', fetched);
    const out = new Promise((resolve) => document.addEventListener(LOGGED_OUT, resolve, { once: true }));
    const answer = getJson('x');
    await out;
    await Promise.resolve();
    expect(fetched).toHaveBeenCalledOnce();
    setTimeout(() => document.dispatchEvent(new Event(LOGGED_IN)));
    expect(await answer).toEqual({ n: 1 });
  });

  it('keeps what is read from being asked in vain', async () => {
    answers(Response.json({ n: 1 }));
    document.documentElement.toggleAttribute(OUT, true);
    const answer = getJson('x');
    await Promise.resolve();
    expect(fetch).not.toHaveBeenCalled();
    document.documentElement.removeAttribute(OUT);
    document.dispatchEvent(new Event(LOGGED_IN));
    expect(await answer).toEqual({ n: 1 });
  });

  it('is not waited for by whom nobody waits for', async () => {
    answers(unknown());
    const leaving = new AbortController();
    document.addEventListener(LOGGED_OUT, () => setTimeout(() => leaving.abort()), { once: true });
    await expect(getJson('x', {}, leaving.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });
});
