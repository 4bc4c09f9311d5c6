/**
 * Makes the browser send its login with the requests of this page.
 *
 * A browser repeats a Basic login by itself only at and below the folder of the page it was given for (RFC 7617, 2.2):
 * given at `/task/1`, it is not sent to `/api/…`, whose 401 asks for none, so that no dialog opens in the middle of a
 * page. The start page does ask, the browser answers from memory, and from then on it sends the login everywhere.
 */
export async function widenLogin(page: URL, base: URL): Promise<void> {
  if (new URL('.', page).pathname === base.pathname) return;
  // Whatever comes of it, the requests of the page will tell.
  await fetch(base, { credentials: 'same-origin', cache: 'no-store' }).catch(() => undefined);
}
