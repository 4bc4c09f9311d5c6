/** Runs below which no comparison says anything. */
const FEW = 20;

interface Runs {
  readonly n: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** A run among those of its name, in words; empty where nothing is out of the ordinary, or not enough is known. */
export function compared(seconds: number | null, { n, p50, p95, p99 }: Runs): string {
  if (seconds === null || n < FEW || p50 === null || p95 === null || p99 === null) return '';
  if (seconds > p99) return 'This one is longer than 99 % of them.';
  return seconds > p95 ? 'This one is longer than 95 % of them.' : '';
}
