import { PanelRight } from 'lucide-react';
import { memo, type MouseEvent } from 'react';
import type { Column } from './table';

interface TableRowProps<Item extends object> {
  /** The row's own id. */
  readonly of: string;
  readonly item: Item;
  readonly columns: readonly Column<Item>[];
  /** Of the element. */
  readonly id: string;
  readonly index: number;
  /** Pixels from the top of the body. */
  readonly offset: number;
  readonly active: boolean;
  /** Undefined where rows can't be marked. */
  readonly marked: boolean | undefined;
  readonly onMark: (id: string, range: boolean) => void;
  readonly onOpen: ((item: Item) => void) | undefined;
  readonly previewed: boolean;
  /** Undefined where rows have no preview. */
  readonly onPreview: ((id: string) => void) | undefined;
}

/** A press on a row opens it, but not one on what the row holds, nor the end of selecting text. */
function meant(event: MouseEvent): boolean {
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest('a, button, input, label')) return false;
  return document.getSelection()?.isCollapsed !== false && event.button === 0;
}

function TableRowPlain<Item extends object>(props: TableRowProps<Item>) {
  const { of, item, columns, id, index, offset, active, marked, onMark, onOpen, previewed, onPreview } =
    props;
  const first = marked !== undefined && (
    <input
      type="checkbox"
      aria-label={`Select row ${index + 1}`}
      checked={marked}
      onChange={(event) =>
        onMark(of, event.nativeEvent instanceof PointerEvent && event.nativeEvent.shiftKey)
      }
    />
  );
  const last = onPreview && (
    // Space on the active row is the keyboard's way: one more stop in each row would be in its way.
    <button
      type="button"
      className="icon-button row-preview"
      tabIndex={-1}
      title="Preview (Space)"
      aria-label={`Preview row ${index + 1}`}
      aria-expanded={previewed}
      onClick={() => onPreview(of)}
    >
      <PanelRight size={14} aria-hidden="true" />
    </button>
  );
  return (
    // The keyboard's way to the same is Enter on the active row, and the link in it.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={id}
      className="table-row"
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      aria-selected={marked}
      data-active={active ? '' : undefined}
      data-id={of}
      style={{ transform: `translateY(${offset}px)` }}
      onClick={(event) => meant(event) && onOpen?.(item)}
    >
      {columns.map((column, at) => (
        <div
          key={column.id}
          className="cell"
          role="gridcell"
          data-align={column.align}
          data-column={column.id}
        >
          {at === 0 && first}
          {column.cell(item)}
          {at === 0 && last}
        </div>
      ))}
    </div>
  );
}

/** Drawn again only when something of this very row changed: `item` is a new object exactly then. */
export const TableRow = memo(TableRowPlain) as typeof TableRowPlain;

interface AwayProps extends Pick<TableRowProps<never>, 'id' | 'index' | 'offset'> {
  /** Why it does not come; undefined: it is on its way. */
  readonly missing: string | undefined;
}

/** The place of a row that is not in memory. */
export function AwayRow({ id, index, offset, missing }: AwayProps) {
  return (
    <div
      id={id}
      className="table-row"
      role="row"
      aria-rowindex={index + 2}
      aria-busy={missing === undefined}
      style={{ transform: `translateY(${offset}px)` }}
    >
      <div className="cell" role="gridcell">
        <span className={missing === undefined ? 'visually-hidden' : 'cut faint'}>
          {missing ?? 'It is being loaded again'}
        </span>
      </div>
    </div>
  );
}
