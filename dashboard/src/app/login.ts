import { address, LOGGED_IN, LOGGED_OUT, type LoggedOut, OUT } from '../api/client';
import { Store } from './store';

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
  await askToLogIn(base);
}

/**
 * Has the browser ask for user name and password where it knows none that is right.
 *
 * Returns whether that takes a page of its own: we are sent elsewhere, to a login provider or to that of a proxy.
 */
export async function askToLogIn(base: URL): Promise<boolean> {
  const init: RequestInit = { credentials: 'same-origin', cache: 'no-store', redirect: 'manual' };
  const answer = await fetch(base, init).catch(() => null);
  return answer?.type === 'opaqueredirect';
}

/** A login that has ended. */
export interface Ended {
  /** When that was noticed, epoch seconds. */
  readonly since: number;
  /** The dialog that tells of it is open. */
  readonly told: boolean;
}

/** Whether the server knows who reads the page. It is asked at signs of a change only: a wrong password is counted. */
export class Login {
  readonly ended = new Store<Ended | null>(null);
  private checking: Promise<boolean> | null = null;

  constructor(private readonly now: () => number) {}

  start(): void {
    document.addEventListener(LOGGED_OUT, this.onLoggedOut);
    // Back from the tab in which they logged in.
    document.addEventListener('visibilitychange', this.onReturn);
    window.addEventListener('focus', this.onReturn);
  }

  stop(): void {
    document.removeEventListener(LOGGED_OUT, this.onLoggedOut);
    document.removeEventListener('visibilitychange', this.onReturn);
    window.removeEventListener('focus', this.onReturn);
    document.documentElement.removeAttribute(OUT);
  }

  /** Opens the dialog, or closes it: the page can be read without a login. */
  tell(told: boolean): void {
    const ended = this.ended.get();
    if (ended !== null) this.ended.set({ ...ended, told });
  }

  /** Asks the server whether it knows who reads the page; if so, all that waits goes on. */
  check(): Promise<boolean> {
    this.checking ??= this.asked().finally(() => (this.checking = null));
    return this.checking;
  }

  private async asked(): Promise<boolean> {
    const known = await isKnown();
    if (known) {
      document.documentElement.removeAttribute(OUT);
      this.ended.set(null);
      document.dispatchEvent(new Event(LOGGED_IN));
    }
    return known;
  }

  private readonly onLoggedOut = (event: Event): void => {
    const { wrote } = (event as CustomEvent<LoggedOut>).detail;
    document.documentElement.toggleAttribute(OUT, true);
    if (this.ended.get() !== null) {
      if (wrote) this.tell(true);
    } else void this.makeSure(this.now());
  };

  /** An answer may be older than the login, when the requests were under way at that time. */
  private async makeSure(since: number): Promise<void> {
    if (!(await this.check()) && this.ended.get() === null) this.ended.set({ since, told: true });
  }

  private readonly onReturn = (): void => {
    if (this.ended.get() !== null && document.visibilityState === 'visible') void this.check();
  };
}

/** Both programs have this address, and let in whoever is logged in. */
async function isKnown(): Promise<boolean> {
  const init: RequestInit = { method: 'HEAD', credentials: 'same-origin', cache: 'no-store' };
  const answer = await fetch(address('api/v1/openapi.json'), init).catch(() => null);
  // 403: known, with no right to anything.
  return answer !== null && (answer.ok || answer.status === 403);
}
