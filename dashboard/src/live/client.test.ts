import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveClient, type LiveMessage } from './client';

/** One answer of the server, written to by the test. */
class Answer {
  private controller!: ReadableStreamDefaultController<Uint8Array>;
  readonly response: Response;

  constructor() {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => void (this.controller = controller),
    });
    this.response = new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
  }

  write(text: string): void {
    this.controller.enqueue(new TextEncoder().encode(text));
  }

  close(): void {
    this.controller.close();
  }

  /** As the browser does when the request is aborted. */
  cut(): void {
    this.controller.error(new TypeError('network error'));
  }
}

let answers: Answer[];
let fetched: ReturnType<typeof vi.fn<typeof fetch>>;
let messages: LiveMessage[];
let gaps: boolean[];
let client: LiveClient;

function hide(hidden: boolean): void {
  Object.defineProperty(document, 'visibilityState', {
    configurable: true,
    get: () => (hidden ? 'hidden' : 'visible'),
  });
  document.dispatchEvent(new Event('visibilitychange'));
}

function lastEventId(call: number): string | null {
  return new Headers(fetched.mock.calls[call]?.[1]?.headers).get('Last-Event-ID');
}

beforeEach(() => {
  vi.useFakeTimers();
  answers = [];
  messages = [];
  gaps = [];
  fetched = vi.fn<typeof fetch>(() => {
    const answer = new Answer();
    answers.push(answer);
    return Promise.resolve(answer.response);
  });
  vi.stubGlobal('fetch', fetched);
  hide(false);
  client = new LiveClient({
    url: 'http://localhost/api/v1/stream',
    listener: { message: (message) => messages.push(message), opened: (gap) => gaps.push(gap) },
    random: () => 1,
  });
  client.start();
});

afterEach(() => {
  client.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const settle = () => vi.advanceTimersByTimeAsync(0);

describe('LiveClient', () => {
  it('gives each message with its topic', async () => {
    await settle();
    answers[0]?.write('event: tasks\nid: 7\ndata: {"items":[]}\n\n: heartbeat\n\n');
    await settle();
    expect(messages).toEqual([{ topic: 'tasks', data: { items: [] } }]);
    expect(client.snapshot().phase).toBe('live');
  });

  it('puts a message together that came in pieces', async () => {
    await settle();
    for (const piece of ['event: tas', 'ks\nda', 'ta: {"a":', '1}\n', '\n']) answers[0]?.write(piece);
    await settle();
    expect(messages).toEqual([{ topic: 'tasks', data: { a: 1 } }]);
  });

  it('reports a gap on the first connection only', async () => {
    await settle();
    answers[0]?.write('id: 7\ndata: 1\n\n');
    await settle();
    answers[0]?.close();
    await vi.advanceTimersByTimeAsync(500);
    expect(gaps).toEqual([true, false]);
  });

  it('resumes after the last id it saw', async () => {
    await settle();
    answers[0]?.write('id: 41\ndata: 1\n\nid: 42\ndata: 2\n\n');
    await settle();
    answers[0]?.cut();
    await vi.advanceTimersByTimeAsync(500);
    expect([lastEventId(0), lastEventId(1)]).toEqual([null, '42']);
  });

  it('waits longer after each failure and says when it tries again', async () => {
    fetched.mockRejectedValue(new TypeError('Failed to fetch'));
    await settle();
    answers[0]?.close();
    await settle();
    const waits = [];
    for (let attempt = 0; attempt < 4; attempt += 1) {
      const { phase, retryAt } = client.snapshot();
      expect(phase).toBe('waiting');
      waits.push((retryAt ?? 0) - Date.now());
      await vi.advanceTimersToNextTimerAsync();
    }
    expect(waits).toEqual([500, 1000, 2000, 4000]);
  });

  it('starts from the shortest wait again once it was connected', async () => {
    fetched.mockRejectedValueOnce(new TypeError('Failed to fetch'));
    await settle();
    answers[0]?.close();
    await vi.advanceTimersByTimeAsync(500 + 1000);
    expect(client.snapshot()).toMatchObject({ phase: 'live', failures: 0 });
  });

  it('takes a connection that is silent for 25 seconds as dead', async () => {
    await settle();
    await vi.advanceTimersByTimeAsync(25_000);
    expect(client.snapshot()).toMatchObject({
      phase: 'waiting',
      reason: 'Nothing was heard from the server for 25 s.',
    });
  });

  it('keeps a connection that sends but comments', async () => {
    await settle();
    for (let beat = 0; beat < 4; beat += 1) {
      await vi.advanceTimersByTimeAsync(15_000);
      answers[0]?.write(': heartbeat\n\n');
      await settle();
    }
    expect(client.snapshot().phase).toBe('live');
    expect(fetched).toHaveBeenCalledTimes(1);
  });

  it('lets go of the connection when the tab stays hidden, and resumes when it is seen', async () => {
    await settle();
    answers[0]?.write('id: 5\ndata: 1\n\n');
    await settle();
    hide(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(fetched.mock.calls[0]?.[1]?.signal?.aborted).toBe(true);
    expect(fetched).toHaveBeenCalledTimes(1);
    hide(false);
    await settle();
    expect(lastEventId(1)).toBe('5');
  });

  it('keeps the connection over a glance at another tab', async () => {
    await settle();
    hide(true);
    await vi.advanceTimersByTimeAsync(5000);
    hide(false);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(fetched).toHaveBeenCalledTimes(1);
    expect(fetched.mock.calls[0]?.[1]?.signal?.aborted).toBe(false);
  });

  it('takes a connection as dead at once when the computer slept, though its timers stood still', async () => {
    await settle();
    answers[0]?.write('id: 5\ndata: 1\n\n');
    await settle();
    vi.setSystemTime(Date.now() + 3_600_000);
    await vi.advanceTimersByTimeAsync(1000);
    expect(client.snapshot().phase).toBe('waiting');
  });

  it('connects anew at once in a tab that slept before its connection was let go', async () => {
    await settle();
    hide(true);
    vi.setSystemTime(Date.now() + 3_600_000);
    hide(false);
    await settle();
    expect(fetched).toHaveBeenCalledTimes(2);
    expect(fetched.mock.calls[0]?.[1]?.signal?.aborted).toBe(true);
  });

  it('stays paused until it is resumed, also when the tab comes back', async () => {
    await settle();
    client.pause();
    hide(true);
    hide(false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(client.snapshot().phase).toBe('paused');
    expect(fetched).toHaveBeenCalledTimes(1);
    client.resume();
    await settle();
    expect(fetched).toHaveBeenCalledTimes(2);
  });

  it('does not ask again when the login has ended', async () => {
    fetched.mockResolvedValue(Response.json({ title: 'Unauthorized', detail: 'Log in.' }, { status: 401 }));
    await settle();
    answers[0]?.close();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(client.snapshot()).toMatchObject({ phase: 'denied', reason: 'Log in.' });
    expect(fetched).toHaveBeenCalledTimes(2);
  });

  it('tries at once when it is told to', async () => {
    await settle();
    answers[0]?.close();
    await settle();
    client.retryNow();
    await settle();
    expect(fetched).toHaveBeenCalledTimes(2);
  });
});
