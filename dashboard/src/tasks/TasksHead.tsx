import { memo, type RefObject } from 'react';
import { stringifySearch } from '../app/search';
import { ColumnsMenu } from './ColumnsMenu';
import type { TaskFilter, TaskSearch } from './filter';
import { QueryMenu } from './QueryMenu';
import { RunningLast } from './RunningLast';
import { TaskFilters } from './TaskFilters';
import { Times } from './Times';
import { ViewsMenu } from './ViewsMenu';

interface HeadProps {
  readonly search: TaskSearch;
  readonly filter: TaskFilter;
  readonly onChange: (change: Partial<TaskSearch>) => void;
  readonly searchInput: RefObject<HTMLInputElement | null>;
  /** What the server says is wrong with the search; null: nothing. */
  readonly wrong: string | null;
  /** Rows that are loaded; of more than `most`, that there are more. */
  readonly loaded: number;
  /** Rows that may be marked at once. */
  readonly most: number;
  readonly onSelect: () => void;
  readonly onRevoke: () => void;
  /** Why the reader may not revoke; null: they may. */
  readonly refused: string | null;
}

/**
 * What stands above the list. Drawn only when something of it changed: while somebody scrolls, the page is drawn with
 * each hundred rows that come, and these have nothing to do with it.
 */
export const TasksHead = memo(function TasksHead(props: HeadProps) {
  const { search, filter, onChange, searchInput, wrong, loaded, most, onSelect, onRevoke, refused } = props;
  return (
    <>
      <TaskFilters
        filter={filter}
        onChange={onChange}
        searchInput={searchInput}
        wrong={wrong}
        menus={
          <>
            <ViewsMenu search={stringifySearch(search)} />
            <ColumnsMenu
              value={search.columns}
              onChange={(columns) => onChange({ columns })}
              widths={search.widths}
              onWidths={(widths) => onChange({ widths })}
            />
            <QueryMenu
              filter={filter}
              loaded={loaded}
              most={most}
              onSelect={onSelect}
              onRevoke={onRevoke}
              refused={refused}
            />
          </>
        }
      />
      <Times filter={filter} onChange={onChange} />
      <RunningLast filter={filter} />
    </>
  );
});
