import { ArrowDown, ArrowUp } from 'lucide-react';
import { type Column, nextSort, type Sorting } from './table';
import { TableEdge } from './TableEdge';
import type { Edges } from './useColumnSizes';

type Order = 'ascending' | 'descending' | 'none';

function orderOf(sorting: Sorting, word: string): Order {
  if (sorting.value === word) return 'ascending';
  return sorting.value === `-${word}` ? 'descending' : 'none';
}

interface HeadProps<Item> {
  readonly columns: readonly Column<Item>[];
  readonly sorting: Sorting | undefined;
  /** Null: the columns are as wide as they are. */
  readonly edges: Edges | null;
}

export function TableHead<Item>({ columns, sorting, edges }: HeadProps<Item>) {
  return (
    <div className="table-head" role="rowgroup">
      <div className="table-row" role="row" aria-rowindex={1}>
        {columns.map((column) =>
          sorting && column.sort !== undefined ? (
            <SortHeader key={column.id} column={column} word={column.sort} sorting={sorting} edges={edges} />
          ) : (
            <div
              key={column.id}
              className="cell"
              role="columnheader"
              // Without it the edge would be part of its name.
              aria-label={edges ? column.header : undefined}
              data-align={column.align}
              data-column={column.id}
            >
              <span className="cut">{column.header}</span>
              {edges && <TableEdge column={column} edges={edges} />}
            </div>
          ),
        )}
      </div>
    </div>
  );
}

interface SortHeaderProps {
  readonly column: Column<never>;
  readonly word: string;
  readonly sorting: Sorting;
  readonly edges: Edges | null;
}

function SortHeader({ column, word, sorting, edges }: SortHeaderProps) {
  const order = orderOf(sorting, word);
  return (
    <div
      className="cell"
      role="columnheader"
      aria-label={edges ? column.header : undefined}
      aria-sort={order}
      data-align={column.align}
      data-column={column.id}
    >
      <button type="button" className="sort" onClick={() => sorting.set(nextSort(sorting.value, word))}>
        <span className="cut">{column.header}</span>
        {order === 'ascending' && <ArrowUp size={12} aria-hidden="true" />}
        {order === 'descending' && <ArrowDown size={12} aria-hidden="true" />}
      </button>
      {edges && <TableEdge column={column} edges={edges} />}
    </div>
  );
}
