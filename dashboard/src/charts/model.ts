/** One series of a chart: a bar of a stack, or a line. */
export interface Series {
  readonly key: string;
  readonly label: string;
  /** Colour, as a token of styles/tokens.css without its dashes: `success`. */
  readonly token: string;
  readonly kind: 'bar' | 'line';
  /** One for each step; null where nothing is known. */
  readonly values: readonly (number | null)[];
  /** Pixels of a line. */
  readonly width?: number;
  /** Pixels on and off of a line. */
  readonly dash?: readonly [number, number];
}

/** A time that the monitor did not see; epoch seconds. */
export interface Unseen {
  readonly start: number;
  readonly end: number;
}

/** What a chart shows: equal steps of time, series in the order of their stack, the lowest first. */
export interface ChartData {
  readonly start: number;
  readonly end: number;
  readonly step: number;
  readonly series: readonly Series[];
  /** The step that is not over yet. */
  readonly unfinished: number | null;
  readonly unseen: readonly Unseen[];
  /** The lowest and highest value of the picture; left out: from 0 to what is there. */
  readonly range?: readonly [number, number];
}

type Column = (number | null)[];

/** Middle of each step, epoch seconds: a bar stands around it, a line goes through it. */
export function middles({ start, end, step }: ChartData): number[] {
  return Array.from({ length: Math.round((end - start) / step) }, (_, index) => start + (index + 0.5) * step);
}

/** Each series upon those before it. */
export function stacked(series: readonly Series[]): Column[] {
  const tops = Array<number>(series[0]?.values.length ?? 0).fill(0);
  return series.map(({ values }) =>
    tops.map((_, index) => (tops[index] = (tops[index] ?? 0) + (values[index] ?? 0))),
  );
}

/** A line without its unfinished end, and that end alone: they are drawn in different ways. */
export function split(values: Series['values'], unfinished: number | null): { done: Column; rest: Column } {
  if (unfinished === null) return { done: [...values], rest: values.map(() => null) };
  return {
    done: values.map((value, index) => (index >= unfinished ? null : value)),
    rest: values.map((value, index) => (index >= unfinished - 1 ? value : null)),
  };
}

/** The step that a time is in; null outside. */
export function stepAt({ start, end, step }: ChartData, time: number): number | null {
  return time < start || time >= end ? null : Math.floor((time - start) / step);
}

/** Times in which a value that is sampled was not: whole steps, but for the one that is not over yet. */
export function holes(
  { start, step, unfinished }: Pick<ChartData, 'start' | 'step' | 'unfinished'>,
  values: Series['values'],
): Unseen[] {
  const found: { start: number; end: number }[] = [];
  values.forEach((value, index) => {
    if (value !== null || index === unfinished) return;
    const from = start + index * step;
    const last = found.at(-1);
    if (last?.end === from) last.end = from + step;
    else found.push({ start: from, end: from + step });
  });
  return found;
}

/** What stands for a series while nothing is pointed at: the least and the most of the range. */
export function extent(values: Series['values'], format: (value: number | null) => string): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return format(null);
  const [least, most] = [format(Math.min(...known)), format(Math.max(...known))];
  return least === most ? most : `${least} to ${most}`;
}

/** Whether nothing at all was measured. */
export function isEmpty({ series }: ChartData): boolean {
  return series.every(({ values }) => values.every((value) => value === null || value === 0));
}
