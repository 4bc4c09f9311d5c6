import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { widenLogin } from './login';

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
