import { useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useEffectEvent, useId, useMemo, useRef, useState } from 'react';
import { useSame } from '../app/useSame';
import {
  type Column,
  columnStyle,
  definition,
  type Features,
  features,
  idsOf,
  type Preview,
  ROW,
  type Rows,
  type Selection,
  type Sight,
  type Sorting,
  toggled,
  WIDEST,
} from './table';
import { TableHead } from './TableHead';
import { AwayRow, TableRow } from './TableRow';
import { type Sizing, useColumnSizes } from './useColumnSizes';
import { usePreviewKeys } from './usePreviewKeys';
import { useTableKeys } from './useTableKeys';
import { useWide } from './useWide';
import './DataTable.css';

/** Rows from the end at which the next page is asked for. */
const AHEAD = 30;
/** Rows by which what is in sight has to move until it is told: as many as lists load at once. */
const MOVED = 100;
/**
 * Rows drawn beyond those that can be seen, on either side. Who scrolls fast has new ones in sight with each frame:
 * each row more costs its time in every frame and is thrown away unseen.
 */
const OVERSCAN = 4;

/** TanStack Table has the columns alone: a model of a hundred thousand rows would be made anew with each that comes. */
const NO_ROWS: readonly never[] = [];

export interface DataTableProps<Item extends object> {
  /** What the rows are, for those who can't see the page. */
  readonly label: string;
  readonly columns: readonly Column<Item>[];
  readonly items: Rows<Item>;
  readonly idOf: (item: Item) => string;
  /** Why rows that are not in memory don't come; without it they are on their way. */
  readonly missing?: string | undefined;
  readonly onOpen?: (item: Item) => void;
  readonly sorting?: Sorting;
  readonly selection?: Selection;
  /** Columns can be made wider and narrower, where there is room for it. */
  readonly sizing?: Sizing | undefined;
  readonly preview?: Preview;
  /** Told when the reader begins and ends to scroll, point at or work with the rows: they must keep their places. */
  readonly onHold?: (held: boolean) => void;
  /** Told when the last rows come into view, and when they leave it. */
  readonly onEnd?: (near: boolean) => void;
  /** Told where the reader is whenever that is somewhere else. */
  readonly onSight?: (sight: Sight) => void;
  /** What is shown is old: it is dimmed. */
  readonly stale?: boolean;
  readonly foot?: ReactNode;
  /** What lies over the table. The rows are held while the reader points at it too. */
  readonly overlay?: ReactNode;
  /** The table goes to its top whenever this changes: another list, or the reader's wish. */
  readonly topKey?: string;
}

/**
 * A table of any length: only the rows in view exist in the page. The header and the first column stay, and columns
 * keep their widths whatever comes.
 */
export function DataTable<Item extends object>(props: DataTableProps<Item>) {
  const {
    label,
    columns,
    items,
    idOf,
    missing,
    onOpen,
    sorting,
    selection,
    sizing,
    preview,
    onHold,
    onEnd,
    onSight,
    stale,
    foot,
    overlay,
    topKey,
  } = props;
  const grid = useRef<HTMLDivElement>(null);
  const side = useRef<HTMLElement>(null);
  const prefix = useId();
  const wide = useWide();
  const shown = useShownColumns(columns, wide, useWide(WIDEST));
  const definitions = useMemo(() => columns.map((column) => definition(column)), [columns]);
  const table = useTable<Features, Item>({
    features,
    columns: definitions,
    data: NO_ROWS,
    columnResizeMode: 'onChange',
  });
  const edges = useColumnSizes(table, shown, wide ? sizing : undefined, grid);
  const order = idsOf(items, idOf);
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => grid.current,
    estimateSize: () => ROW,
    overscan: OVERSCAN,
    scrollPaddingStart: ROW,
    initialRect: { width: 1024, height: 640 },
  });
  const visible = virtualizer.getVirtualItems();
  const mark = useMark(order, selection);
  const keys = useTableKeys({
    order,
    firstVisible: () => Math.ceil((virtualizer.scrollOffset ?? 0) / ROW),
    show: (index) => virtualizer.scrollToIndex(index, { align: 'auto' }),
    mark,
    open: (index) => {
      const item = items.at(index);
      if (item !== undefined) onOpen?.(item);
    },
    previewed: preview?.id,
    onMove: (id) => preview?.id !== undefined && preview.set(id),
    grid,
  });
  const { active, activeIndex } = keys;
  const previewKeys = usePreviewKeys({ preview, active, activeIndex, grid, side });
  // Pages write these anew for each drawing: rows would be drawn again with each, though nothing of them changed.
  const togglePreview = useSame(previewKeys.toggle);
  const open = useSame((item: Item) => onOpen?.(item));
  const pointer = useHold(keys.active !== null || (selection?.ids.size ?? 0) > 0, onHold);
  useEnd(visible.at(-1)?.index ?? 0, items.length, onEnd);
  useSight(visible[0]?.index ?? 0, visible.at(-1)?.index ?? 0, onSight);
  useTop(topKey ?? '', () => {
    keys.setActive(null);
    grid.current?.scrollTo({ top: 0 });
  });

  return (
    <div
      className="table-area"
      onPointerEnter={(event) => pointer.pointed(event.pointerType === 'mouse')}
      onPointerLeave={() => pointer.pointed(false)}
    >
      <div className="table-main">
        {overlay}
        <div
          ref={grid}
          className="table"
          data-scroll-restoration-id={label}
          role="grid"
          aria-label={label}
          aria-rowcount={items.length + 1}
          aria-multiselectable={selection !== undefined}
          aria-activedescendant={keys.activeIndex >= 0 ? `${prefix}-${keys.activeIndex}` : undefined}
          data-stale={stale ? '' : undefined}
          tabIndex={0}
          style={columnStyle(shown, edges?.sizes)}
          onKeyDown={(event) => {
            keys.onKeyDown(event);
            previewKeys.onKeyDown(event);
          }}
          onScroll={(event) => pointer.scrolled(event.currentTarget.scrollTop > 0)}
        >
          <TableHead columns={shown} sorting={sorting} edges={edges} />
          <div className="table-body" role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
            {visible.map(({ index, start }) => {
              const item = items.at(index);
              const place = { id: `${prefix}-${index}`, index, offset: start };
              if (item === undefined) return <AwayRow key={index} {...place} missing={missing} />;
              const of = idOf(item);
              return (
                <TableRow
                  key={of}
                  {...place}
                  of={of}
                  item={item}
                  columns={shown}
                  active={of === keys.active}
                  marked={selection?.ids.has(of)}
                  onMark={mark}
                  onOpen={onOpen && open}
                  previewed={of === preview?.id}
                  onPreview={preview && togglePreview}
                />
              );
            })}
          </div>
          {foot && <div className="table-foot">{foot}</div>}
        </div>
      </div>
      {preview?.id !== undefined && (
        // The keys lead out of it; what can be done in it are its own links and buttons.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
        <section
          ref={side}
          className="table-side"
          aria-label="Preview"
          tabIndex={-1}
          onKeyDown={previewKeys.onKeyDown}
        >
          {preview.panel}
        </section>
      )}
    </div>
  );
}

function useShownColumns<Item>(
  columns: readonly Column<Item>[],
  wide: boolean,
  widest: boolean,
): readonly Column<Item>[] {
  return useMemo(() => {
    const shown = widest ? columns : columns.filter((column) => !column.widestOnly);
    if (wide) return shown;
    return shown
      .filter((column) => !column.wideOnly)
      .map((column) => ({ ...column, width: column.narrow ?? column.width }));
  }, [columns, wide, widest]);
}

/** Keeps its identity, so that rows need not be drawn again for it. */
function useMark(order: Rows<string>, selection: Selection | undefined) {
  const latest = useRef({ order, selection });
  const last = useRef<string | null>(null);
  useEffect(() => {
    latest.current = { order, selection };
  });
  return useMemo(
    () => (id: string, range: boolean) => {
      const { order: ids, selection: chosen } = latest.current;
      chosen?.set(toggled(chosen.ids, ids, id, range ? last.current : null));
      last.current = id;
    },
    [],
  );
}

function useHold(working: boolean, onHold: ((held: boolean) => void) | undefined) {
  const [isPointed, pointed] = useState(false);
  const [isScrolled, scrolled] = useState(false);
  const held = working || isPointed || isScrolled;
  const tell = useEffectEvent((value: boolean) => onHold?.(value));
  useEffect(() => tell(held), [held]);
  return { pointed, scrolled };
}

function useEnd(lastVisible: number, length: number, onEnd: ((near: boolean) => void) | undefined): void {
  const near = lastVisible >= length - AHEAD;
  const tell = useEffectEvent((value: boolean) => onEnd?.(value));
  useEffect(() => tell(near), [near]);
}

function useSight(first: number, last: number, onSight: ((sight: Sight) => void) | undefined): void {
  const [from, to] = [Math.floor(first / MOVED) * MOVED, Math.ceil(last / MOVED) * MOVED];
  const tell = useEffectEvent((sight: Sight) => onSight?.(sight));
  useEffect(() => tell({ first: from, last: to }), [from, to]);
}

function useTop(key: string, toTop: () => void): void {
  const shown = useRef(key);
  const go = useEffectEvent(toTop);
  useEffect(() => {
    if (shown.current === key) return;
    shown.current = key;
    go();
  }, [key]);
}
