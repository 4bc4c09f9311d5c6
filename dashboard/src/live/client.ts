import { EventSourceParserStream } from 'eventsource-parser/stream';
import { ApiError, request } from '../api/client';
import { backoff } from './backoff';

/** Milliseconds without a byte after which a connection counts as dead: the server says something every 15 s. */
const SILENCE = 25_000;
/** Milliseconds between two looks at the clock on the wall meanwhile: timers stand still while a computer sleeps. */
const LOOK = 1000;
/** Milliseconds a tab may be hidden before its connection is given up: a glance at another tab costs nothing. */
const HIDDEN_GRACE = 10_000;

export type Phase = 'connecting' | 'live' | 'waiting' | 'paused' | 'denied';

export interface LiveState {
  readonly phase: Phase;
  /** Failed attempts in a row. */
  readonly failures: number;
  /** When the next attempt is made, in epoch milliseconds; only while waiting. */
  readonly retryAt: number | null;
  /** When the last byte came, in epoch milliseconds: the age of what is shown. */
  readonly heardAt: number | null;
  /** Why the connection ended. */
  readonly reason: string | null;
}

export interface LiveMessage {
  readonly topic: string;
  readonly data: unknown;
}

/** `gap` means that changes may have been missed since the last connection (or that there was none). */
export interface LiveListener {
  readonly message: (message: LiveMessage) => void;
  readonly opened: (gap: boolean) => void;
}

export interface LiveOptions {
  readonly url: string;
  readonly listener: LiveListener;
  readonly random?: () => number;
}

const INITIAL: LiveState = { phase: 'connecting', failures: 0, retryAt: null, heardAt: null, reason: null };

/**
 * The live stream over server-sent events, read with fetch rather than EventSource: that one can neither resume after
 * we closed it, nor say why it failed, nor wait as we want.
 *
 * It reconnects by itself with backoff, resumes after the last id it saw, lets go while the tab is hidden and holds
 * while a person paused it. Its state is an external store for React (`subscribe`, `snapshot`).
 */
export class LiveClient {
  private state = INITIAL;
  private readonly watchers = new Set<() => void>();
  private connection: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private lastId: string | null = null;
  private userPaused = false;
  private hidden = false;

  constructor(private readonly options: LiveOptions) {}

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  readonly snapshot = (): LiveState => this.state;

  start(): void {
    document.addEventListener('visibilitychange', this.onVisibility);
    this.onVisibility();
    if (!this.hidden) this.connect();
  }

  stop(): void {
    document.removeEventListener('visibilitychange', this.onVisibility);
    this.disconnect();
  }

  pause(): void {
    this.userPaused = true;
    this.disconnect();
    this.set({ phase: 'paused', retryAt: null });
  }

  resume(): void {
    this.userPaused = false;
    this.connect();
  }

  /** Attempts at once instead of at `retryAt`. */
  retryNow(): void {
    if (this.state.phase === 'waiting' || this.state.phase === 'denied') this.connect();
  }

  private set(change: Partial<LiveState>): void {
    this.state = { ...this.state, ...change };
    for (const watcher of this.watchers) watcher();
  }

  private readonly onVisibility = (): void => {
    const hidden = document.visibilityState === 'hidden';
    if (hidden === this.hidden) return;
    this.hidden = hidden;
    if (hidden) this.after(HIDDEN_GRACE, () => this.disconnect());
    else if (!this.userPaused && (this.connection === null || this.isLongAgo(this.state.heardAt)))
      this.connect();
    else this.watchSilence();
  };

  private isLongAgo(time: number | null): boolean {
    return time !== null && Date.now() - time > SILENCE;
  }

  /** There is one timer: the retry, the silence or the hidden tab; each replaces the one before. */
  private after(milliseconds: number, action: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(action, milliseconds);
  }

  private watchSilence(): void {
    if (this.hidden || this.connection === null) return;
    this.awaitWord(Date.now(), SILENCE / LOOK);
  }

  /** By looks and by the clock: the one may stand still, the other be set. */
  private awaitWord(since: number, looks: number): void {
    this.after(LOOK, () => {
      if (looks <= 1 || this.isLongAgo(since)) this.fail('Nothing was heard from the server for 25 s.');
      else this.awaitWord(since, looks - 1);
    });
  }

  private disconnect(): void {
    clearTimeout(this.timer);
    this.connection?.abort();
    this.connection = null;
  }

  private connect(): void {
    this.disconnect();
    const connection = new AbortController();
    this.connection = connection;
    this.set({ phase: 'connecting', retryAt: null });
    this.watchSilence();
    this.read(connection).then(
      () => this.ended(connection, 'The server closed the connection.'),
      (error: unknown) => this.ended(connection, error),
    );
  }

  private async read(connection: AbortController): Promise<void> {
    const headers = { Accept: 'text/event-stream', ...(this.lastId ? { 'Last-Event-ID': this.lastId } : {}) };
    const response = await request(this.options.url, {
      headers,
      signal: connection.signal,
      cache: 'no-store',
    });
    if (response.body === null) return;
    this.heard();
    this.options.listener.opened(this.lastId === null);
    await this.consume(response.body);
  }

  private async consume(body: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    const heard = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform: (chunk, controller) => {
        this.heard();
        controller.enqueue(chunk);
      },
    });
    const events = body
      .pipeThrough(heard)
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream());
    const reader = events.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      if (next.value.id !== undefined) this.lastId = next.value.id;
      const data = JSON.parse(next.value.data) as unknown;
      this.options.listener.message({ topic: next.value.event ?? 'message', data });
    }
  }

  private heard(): void {
    this.set({ phase: 'live', failures: 0, retryAt: null, heardAt: Date.now(), reason: null });
    this.watchSilence();
  }

  private ended(connection: AbortController, cause: unknown): void {
    if (this.connection !== connection) return;
    if (cause instanceof ApiError && (cause.status === 401 || cause.status === 403)) this.deny(cause.message);
    else this.fail(this.reasonOf(cause));
  }

  private reasonOf(cause: unknown): string {
    if (typeof cause === 'string') return cause;
    if (cause instanceof ApiError) return cause.message;
    // A cut stream is a TypeError or a DOMException; all else is a mistake of ours and belongs on the console.
    if (!(cause instanceof TypeError || cause instanceof DOMException)) reportError(cause);
    return 'The connection was cut.';
  }

  private deny(reason: string): void {
    this.disconnect();
    this.set({ phase: 'denied', retryAt: null, reason });
  }

  private fail(reason: string): void {
    this.disconnect();
    const failures = this.state.failures + 1;
    const wait = backoff(failures, this.options.random ?? Math.random);
    this.set({ phase: 'waiting', failures, retryAt: Date.now() + wait, reason });
    if (!this.hidden) this.after(wait, () => this.connect());
  }
}
