import { useQuery } from '@tanstack/react-query';
import { type ReactNode, type RefObject, useMemo } from 'react';
import { StateBadge } from '../components/Badge';
import { FilterCombo } from '../components/FilterBar';
import { compact, exact } from '../format/number';
import { summaryQuery, taskNamesQuery, workersQuery } from '../monitor/queries';
import type { Known } from './complete';
import { ConditionMenu } from './ConditionMenu';
import { Explained } from './Explained';
import { STATES, type TaskFilter } from './filter';
import { RangeField } from './RangeField';
import { SearchField } from './SearchField';
import './TaskFilters.css';

const EXPLANATION = 'search-explanation';

interface TaskFiltersProps {
  readonly filter: TaskFilter;
  readonly onChange: (change: Partial<TaskFilter>) => void;
  readonly searchInput: RefObject<HTMLInputElement | null>;
  /** What the server says is wrong with the search; null: nothing. */
  readonly wrong: string | null;
  /** What is done with the list as a whole. */
  readonly menus: ReactNode;
}

/** The conditions of the task list; each is in the URL. */
export function TaskFilters({ filter, onChange, searchInput, wrong, menus }: TaskFiltersProps) {
  const known = useKnown();
  return (
    <div className="task-filters">
      <div className="filters">
        <SearchField
          label="Search in names, ids, arguments, results"
          value={filter.search}
          onChange={(search) => onChange({ search })}
          known={known}
          input={searchInput}
          explainedBy={wrong === null ? undefined : EXPLANATION}
        />
        <ConditionMenu query={filter.search} known={known} onChange={(search) => onChange({ search })} />
        <FilterCombo
          label="Any task"
          items={known.names}
          value={filter.name}
          onChange={(name) => onChange({ name })}
          empty="No task was seen yet"
        />
        <FilterCombo
          label="Any worker"
          items={known.workers}
          value={filter.worker}
          onChange={(worker) => onChange({ worker })}
          empty="No worker was seen yet"
        />
        <RangeField filter={filter} onChange={onChange} />
      </div>
      {wrong !== null && filter.search !== undefined && (
        <Explained id={EXPLANATION} query={filter.search} detail={wrong} />
      )}
      <div className="filters-of-list">
        <StateChips
          chosen={filter.state ?? []}
          onChange={(state) => onChange({ state: state.length > 0 ? [...state] : undefined })}
        />
        <div className="list-menus">{menus}</div>
      </div>
    </div>
  );
}

/** What there is to choose from. */
function useKnown(): Known {
  const names = useQuery(taskNamesQuery).data?.items;
  const workers = useQuery(workersQuery).data?.items;
  const states = useQuery(summaryQuery).data?.tasks.states;
  // The summary comes anew each second; the names of its states hardly ever change.
  const words = [...new Set([...STATES, ...Object.keys(states ?? {})])].join(' ');
  const hosts = workers?.map((worker) => worker.hostname).join('\n') ?? '';
  return useMemo(
    () => ({
      names: names ?? [],
      workers: hosts === '' ? [] : hosts.split('\n'),
      states: words.split(' '),
    }),
    [names, hosts, words],
  );
}

interface ChipsProps {
  readonly chosen: readonly string[];
  readonly onChange: (states: readonly string[]) => void;
}

/** The states with how many tasks are in each, over everything kept. Several can be chosen. */
function StateChips({ chosen, onChange }: ChipsProps) {
  const counts = useQuery(summaryQuery).data?.tasks.states;
  const custom = [...Object.keys(counts ?? {}), ...chosen].filter(
    (state) => !STATES.includes(state as never),
  );
  const toggle = (state: string) =>
    onChange(chosen.includes(state) ? chosen.filter((other) => other !== state) : [...chosen, state]);
  return (
    <div className="chips" role="group" aria-label="States">
      {[...STATES, ...new Set(custom)].map((state) => (
        <button
          key={state}
          type="button"
          className="chip"
          aria-pressed={chosen.includes(state)}
          onClick={() => toggle(state)}
        >
          <StateBadge state={state} />
          <span className="chip-count" title={exact(counts?.[state] ?? (counts ? 0 : null))}>
            {compact(counts?.[state] ?? (counts ? 0 : null))}
          </span>
        </button>
      ))}
    </div>
  );
}
