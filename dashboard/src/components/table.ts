import {
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  type ColumnDef,
  type RowData,
  tableFeatures,
} from '@tanstack/react-table';
import type { CSSProperties, ReactNode } from 'react';
import { LEAST, MOST, type Sizes } from './columnSizes';

/** Pixels of a page that has room for the columns that are `widestOnly` too. */
export const WIDEST = 1360;

/** Height of a row in pixels; the same as --row in tokens.css. */
export const ROW = 32;

/** What of TanStack Table is used; ordering and pinning are features to add here. */
export const features = tableFeatures({
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
});
export type Features = typeof features;

export interface Column<Item> {
  readonly id: string;
  readonly header: string;
  /** Pixels; a column that grows takes at least as many and a share of what is left. */
  readonly width: number;
  /** Pixels where the page is narrow, if it is another number then. */
  readonly narrow?: number;
  readonly grow?: boolean;
  /** Numbers stand at the end. */
  readonly align?: 'end';
  /** Left out where the page is narrow. */
  readonly wideOnly?: boolean;
  /** Left out also where the page is not as wide as most screens. */
  readonly widestOnly?: boolean;
  readonly cell: (item: Item) => ReactNode;
  /** The word for it in the `sort` of the URL, where the list can be sorted by it. */
  readonly sort?: string;
}

/** The rows of a table: an array, or what is as long and has not all in memory. `at` gives nothing for the others. */
export interface Rows<Item> {
  readonly length: number;
  readonly at: (index: number) => Item | undefined;
  readonly findIndex: (is: (item: Item) => boolean) => number;
}

/** The ids of rows, in their order. */
export function idsOf<Item extends object>(items: Rows<Item>, idOf: (item: Item) => string): Rows<string> {
  return {
    length: items.length,
    at: (index) => {
      const item = items.at(index);
      return item && idOf(item);
    },
    findIndex: (is) => items.findIndex((item) => is(idOf(item))),
  };
}

/** The rows that are in sight: numbers of the first and the last. */
export interface Sight {
  readonly first: number;
  readonly last: number;
}

/** Which rows are marked, by id. */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  readonly set: (ids: ReadonlySet<string>) => void;
}

/** What of one row is shown beside the table. */
export interface Preview {
  /** The row that is shown, if any is; it need not be in the table. */
  readonly id: string | undefined;
  readonly set: (id: string | undefined) => void;
  readonly panel: ReactNode;
}

/** The order of a table as the URL has it: a column's word, `-` before it for descending. */
export interface Sorting {
  readonly value: string;
  readonly set: (value: string) => void;
}

/** What TanStack Table has to know of a column: its width. Cells are drawn by `TableRow`. */
export function definition<Item extends RowData>(column: Column<Item>): ColumnDef<Features, Item> {
  const { id, header, width } = column;
  return { id, header, size: width, minSize: LEAST, maxSize: MOST };
}

/**
 * The columns' widths for the style sheet: fixed, so that no value that comes later moves a column. One that somebody
 * gave a size grows no more.
 */
export function columnStyle(
  columns: readonly Pick<Column<never>, 'id' | 'width' | 'grow'>[],
  sizes: Sizes = {},
): CSSProperties {
  const least = columns.reduce((sum, { id, width }) => sum + (sizes[id] ?? width), 0);
  const template = columns
    .map(({ id, width, grow }) =>
      grow && sizes[id] === undefined ? `minmax(${width}px, 1fr)` : `${sizes[id] ?? width}px`,
    )
    .join(' ');
  return { '--columns': template, '--least': `${least}px` } as CSSProperties;
}

/** Where to scroll so that a row is in sight between the header and the end of the table; nowhere if it is. */
export function revealed(index: number, scrollTop: number, height: number): number {
  const top = index * ROW;
  const inSight = height - 2 * ROW;
  return Math.min(top, Math.max(scrollTop, top - inSight));
}

/** What a press on a header makes of the order: the other way round, or descending by the new column. */
export function nextSort(current: string, word: string): string {
  return current === `-${word}` ? word : `-${word}`;
}

/** Marks or unmarks one row; with `from`, marks all between the two. */
export function toggled(
  marked: ReadonlySet<string>,
  order: Rows<string>,
  id: string,
  from: string | null,
): ReadonlySet<string> {
  const next = new Set(marked);
  const start = from === null ? -1 : order.findIndex((other) => other === from);
  const end = order.findIndex((other) => other === id);
  if (start >= 0 && end >= 0)
    for (let index = Math.min(start, end); index <= Math.max(start, end); index += 1) {
      const between = order.at(index);
      if (between !== undefined) next.add(between);
    }
  else if (!next.delete(id)) next.add(id);
  return next;
}
