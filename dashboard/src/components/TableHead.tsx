import { ArrowDown, ArrowUp } from 'lucide-react';
import { type Column, nextSort, type Sorting } from './table';

type Order = 'ascending' | 'descending' | 'none';

function orderOf(sorting: Sorting, word: string): Order {
  if (sorting.value === word) return 'ascending';
  return sorting.value === `-${word}` ? 'descending' : 'none';
}

interface HeadProps<Item> {
  readonly columns: readonly Column<Item>[];
  readonly sorting: Sorting | undefined;
}

export function TableHead<Item>({ columns, sorting }: HeadProps<Item>) {
  return (
    <div className="table-head" role="rowgroup">
      <div className="table-row" role="row" aria-rowindex={1}>
        {columns.map((column) =>
          sorting && column.sort !== undefined ? (
            <SortHeader key={column.id} column={column} word={column.sort} sorting={sorting} />
          ) : (
            <div key={column.id} className="cell" role="columnheader" data-align={column.align}>
              {column.header}
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
}

function SortHeader({ column, word, sorting }: SortHeaderProps) {
  const order = orderOf(sorting, word);
  return (
    <div className="cell" role="columnheader" aria-sort={order} data-align={column.align}>
      <button type="button" className="sort" onClick={() => sorting.set(nextSort(sorting.value, word))}>
        {column.header}
        {order === 'ascending' && <ArrowUp size={12} aria-hidden="true" />}
        {order === 'descending' && <ArrowDown size={12} aria-hidden="true" />}
      </button>
    </div>
  );
}
