import type { ReactTable, RowData } from '@tanstack/react-table';
import {
  type KeyboardEvent,
  type MouseEvent,
  type RefObject,
  type TouchEvent,
  useEffect,
  useEffectEvent,
  useRef,
} from 'react';
import { frozen, type Sizes, sizeByKey, sizesText, without } from './columnSizes';
import type { Column, Features } from './table';

/** The widths of a table's columns as its page keeps them. */
export interface Sizing {
  readonly value: Sizes;
  readonly set: (value: Sizes) => void;
}

/** What the edges of the heads do. */
export interface Edges {
  readonly sizes: Sizes;
  readonly onGrasp: (id: string, event: MouseEvent | TouchEvent) => void;
  readonly onKey: (id: string, event: KeyboardEvent) => void;
  readonly onReset: (id: string) => void;
  /** Tells the page what the keys made of it. */
  readonly onDone: () => void;
}

/**
 * Widths while they change are the table's own, told to the page when a hand or a key is let go. Null where they
 * can't be changed: the page keeps none.
 */
export function useColumnSizes<Item extends RowData>(
  table: ReactTable<Features, Item>,
  columns: readonly Column<Item>[],
  sizing: Sizing | undefined,
  grid: RefObject<HTMLElement | null>,
): Edges | null {
  const value = sizing?.value;
  const take = useEffectEvent((sizes: Sizes) => table.setColumnSizing(() => ({ ...sizes })));
  useEffect(() => {
    if (value !== undefined) take(value);
  }, [value]);
  const dragged = table.state.columnResizing.isResizingColumn;
  const grasped = useRef<Sizes>({});
  const letGo = useEffectEvent((id: string) => {
    const sizes = table.atoms.columnSizing.get();
    // A press that moved nothing fixes nothing.
    if (sizes[id] === grasped.current[id]) take(sizing?.value ?? {});
    else sizing?.set(sizes);
  });
  useEffect(() => (dragged === false ? undefined : () => letGo(dragged)), [dragged]);
  if (sizing === undefined) return null;

  const sizes = table.state.columnSizing;
  const usual = (id: string) => sizes[id] ?? columns.find((column) => column.id === id)?.width ?? 0;
  const rendered = (id: string) => widthOf(grid.current, id) || usual(id);
  const show = (next: Sizes) => table.setColumnSizing(() => ({ ...next }));
  return {
    sizes,
    onGrasp: (id, event) => {
      grasped.current = frozen(columns, sizes, id, rendered);
      show(grasped.current);
      table
        .getFlatHeaders()
        .find((header) => header.column.id === id)
        ?.getResizeHandler()(event.nativeEvent);
    },
    onKey: (id, event) => {
      const fixed = frozen(columns, sizes, id, rendered);
      const width = sizeByKey(event.key, event.shiftKey, fixed[id] ?? 0);
      if (width === undefined) return;
      event.preventDefault();
      show(width === null ? without(sizes, id) : { ...fixed, [id]: width });
    },
    onReset: (id) => {
      const next = without(sizes, id);
      show(next);
      sizing.set(next);
    },
    onDone: () => sizesText(sizes) !== sizesText(sizing.value) && sizing.set(sizes),
  };
}

/** Pixels of a column as it is on the screen; 0 where it is not there. */
function widthOf(grid: HTMLElement | null, id: string): number {
  const heads = [...(grid?.querySelectorAll<HTMLElement>('[role=columnheader]') ?? [])];
  return heads.find(({ dataset }) => dataset['column'] === id)?.getBoundingClientRect().width ?? 0;
}
