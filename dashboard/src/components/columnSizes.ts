/** Pixels of columns that somebody made wider or narrower, by id. */
export type Sizes = Readonly<Record<string, number>>;

/** Pixels: the head of a column narrower than the first can't be grasped, one wider than the second hides all others. */
export const LEAST = 48;
export const MOST = 1200;
/** Pixels that an arrow key moves an edge; with shift the larger. */
export const STEP = 8;
export const LARGE_STEP = 40;

export function within(width: number): number {
  return Math.round(Math.min(MOST, Math.max(LEAST, width)));
}

/**
 * The sizes with which an edge follows the hand that drags it: of its column, and of those before it that would take
 * or give what it leaves or needs. Those after it still do.
 */
export function frozen(
  columns: readonly { readonly id: string; readonly grow?: boolean }[],
  sizes: Sizes,
  id: string,
  rendered: (id: string) => number,
): Sizes {
  const before = columns.slice(
    0,
    columns.findIndex((column) => column.id === id),
  );
  const loose = before.filter((column) => column.grow && sizes[column.id] === undefined);
  const fixed = [...loose.map((column) => column.id), id].map((each) => [each, within(rendered(each))]);
  return { ...sizes, ...(Object.fromEntries(fixed) as Sizes) };
}

/** What a key makes of a width: another one, null for the usual one, undefined where it is not for this. */
export function sizeByKey(key: string, shift: boolean, width: number): number | null | undefined {
  const step = shift ? LARGE_STEP : STEP;
  if (key === 'ArrowLeft') return within(width - step);
  if (key === 'ArrowRight') return within(width + step);
  return key === 'Home' ? null : undefined;
}

/** The sizes without one: its column is as wide as usual again. */
export function without(sizes: Sizes, id: string): Sizes {
  return Object.fromEntries(Object.entries(sizes).filter(([other]) => other !== id));
}

/** The sizes in a URL: `name-300.args-220`. What is not known or no width is dropped. */
export function sizesOf(text: string | undefined, known: readonly string[]): Sizes {
  const found = (text ?? '').split('.').flatMap((part) => {
    const [, id = '', width] = /^(\w+)-(\d{1,5})$/.exec(part) ?? [];
    return known.includes(id) ? [[id, within(Number(width))] as const] : [];
  });
  return Object.fromEntries(found);
}

/** The word for the URL; absent where all columns are as wide as usual. */
export function sizesText(sizes: Sizes): string | undefined {
  const parts = Object.entries(sizes).map(([id, width]) => `${id}-${within(width)}`);
  return parts.length === 0 ? undefined : parts.join('.');
}
