import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LOGGED_IN, LOGGED_OUT, type LoggedOut, OUT } from '../api/client';
import { askToLogIn, Login, widenLogin } from './login';

const BASE = new URL('http://host/flower/');

beforeEach(() => vi.stubGlobal('fetch', vi.fn<typeof fetch>().mockResolvedValue(new Response())));
afterEach(() => void vi.unstubAllGlobals());

it('asks the start page from a page in a folder below it', async () => {
  await widenLogin(new URL('http://host/flower/task/1?x=1'), BASE);
  expect(fetch).toHaveBeenCalledExactlyOnceWith(BASE, expect.anything());
});

it.each(['http://host/flower/', 'http://host/flower/tasks?state=FAILURE'])(
  'asks nothing more from %s',
  async (page) => {
    await widenLogin(new URL(page), BASE);
    expect(fetch).not.toHaveBeenCalled();
  },
);

it('does not keep the page from showing that the server is gone', async () => {
  vi.mocked(fetch).mockRejectedValue(new TypeError('Failed to fetch'));
  await expect(widenLogin(new URL('http://host/flower/task/1'), BASE)).resolves.toBeUndefined();
});

it('is asked for on a page of its own where the start page sends one elsewhere', async () => {
  vi.mocked(fetch).mockResolvedValue({ type: 'opaqueredirect' } as Response);
  expect(await askToLogIn(BASE)).toBe(true);
});

describe('a login that ends', () => {
  let login: Login;
  const answer = (status: number) => vi.mocked(fetch).mockResolvedValue(new Response(null, { status }));
  const refuse = (wrote: boolean) => {
    const detail: LoggedOut = { wrote };
    document.dispatchEvent(new CustomEvent(LOGGED_OUT, { detail }));
  };
  const settle = () => vi.waitFor(() => expect(login.ended.get()).not.toBeNull());

  beforeEach(() => {
    login = new Login(() => 1000);
    login.start();
  });
  afterEach(() => login.stop());

  it('is told with the time at which it was noticed', async () => {
    answer(401);
    refuse(false);
    await settle();
    expect(login.ended.get()).toEqual({ since: 1000, told: true });
    expect(document.documentElement).toHaveAttribute(OUT);
  });

  it('is none when the server knows the reader after all: the answer was older than the login', async () => {
    answer(200);
    const back = vi.fn<() => void>();
    document.addEventListener(LOGGED_IN, back, { once: true });
    refuse(false);
    await vi.waitFor(() => expect(back).toHaveBeenCalledOnce());
    expect(login.ended.get()).toBeNull();
  });

  it('is made sure of once, however much is refused: a wrong password is counted', async () => {
    answer(401);
    for (let number = 0; number < 9; number++) refuse(false);
    await settle();
    expect(fetch).toHaveBeenCalledOnce();
  });

  it('is told again to who wants to change something, not for what the page reads by itself', async () => {
    answer(401);
    refuse(false);
    await settle();
    login.tell(false);
    refuse(false);
    expect(login.ended.get()?.told).toBe(false);
    refuse(true);
    expect(login.ended.get()?.told).toBe(true);
  });

  it('is over once somebody comes back to the page logged in', async () => {
    answer(401);
    refuse(false);
    await settle();
    answer(403);
    window.dispatchEvent(new Event('focus'));
    await vi.waitFor(() => expect(login.ended.get()).toBeNull());
    expect(document.documentElement).not.toHaveAttribute(OUT);
  });
});
