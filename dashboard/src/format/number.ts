/** What stands where a value is unknown; never a 0. */
export const UNKNOWN = '–';

const SUFFIXES = ['', 'k', 'M', 'G', 'T'] as const;

function threeDigits(value: number): string {
  return value.toLocaleString(undefined, { maximumSignificantDigits: 3 });
}

/** Three significant digits with a suffix: 999, 1.23k, 12.4k, 1.5M. */
export function compact(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) return UNKNOWN;
  let scaled = value;
  let suffix = 0;
  while (Math.abs(Number(scaled.toPrecision(3))) >= 1000 && suffix < SUFFIXES.length - 1) {
    scaled /= 1000;
    suffix += 1;
  }
  return `${threeDigits(scaled)}${SUFFIXES[suffix] ?? ''}`;
}

/** Every digit, in the reader's locale: what `compact` shows on hover. */
export function exact(value: number | null | undefined): string {
  return value == null || !Number.isFinite(value) ? UNKNOWN : value.toLocaleString();
}

/** Bytes in units of 1000: 340 B, 12.4 MB. */
export function bytes(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) return UNKNOWN;
  const text = compact(value);
  const unit = /[kMGT]$/.exec(text)?.[0] ?? '';
  return `${unit ? text.slice(0, -1) : text} ${unit}B`;
}

/** `1 worker`, `3 workers`, `0 workers`. */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${compact(value)} ${value === 1 ? one : many}`;
}
