/** Seconds by which the two clocks must differ before the server's is believed: less is the way of the answer. */
const TOLERANCE = 2;

/**
 * The server's time in a browser whose clock may be wrong, ticking once a second for whoever shows an age.
 * The timer runs only while somebody watches.
 */
export class Clock {
  private offset = 0;
  private readonly watchers = new Set<() => void>();
  private timer: ReturnType<typeof setInterval> | undefined;

  /** Epoch seconds. */
  readonly now = (): number => Date.now() / 1000 + this.offset;

  /** Learns from an answer that says what time the server has. */
  adjust(serverNow: number): void {
    const offset = serverNow - Date.now() / 1000;
    this.offset = Math.abs(offset) > TOLERANCE ? offset : 0;
  }

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    this.timer ??= setInterval(this.tick, 1000);
    return () => {
      this.watchers.delete(watcher);
      if (this.watchers.size > 0) return;
      clearInterval(this.timer);
      this.timer = undefined;
    };
  };

  private readonly tick = (): void => {
    for (const watcher of this.watchers) watcher();
  };
}
