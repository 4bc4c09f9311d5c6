import { useQuery } from '@tanstack/react-query';
import type { RefObject } from 'react';
import { StateBadge } from '../components/Badge';
import { FilterCombo, FilterSelect, type Option, SearchBox } from '../components/FilterBar';
import { compact, exact } from '../format/number';
import { summaryQuery, taskNamesQuery, workersQuery } from '../monitor/queries';
import { RANGES, STATES, type TaskFilter } from './filter';
import './TaskFilters.css';

const RANGE_OPTIONS: readonly Option[] = [
  { value: null, label: 'Any time' },
  ...Object.entries(RANGES).map(([value, { label }]) => ({ value, label })),
];

interface TaskFiltersProps {
  readonly filter: TaskFilter;
  readonly onChange: (change: Partial<TaskFilter>) => void;
  readonly searchInput: RefObject<HTMLInputElement | null>;
}

/** The conditions of the task list; each is in the URL. */
export function TaskFilters({ filter, onChange, searchInput }: TaskFiltersProps) {
  const names = useQuery(taskNamesQuery).data?.items ?? [];
  const workers = useQuery(workersQuery).data?.items ?? [];
  return (
    <div className="task-filters">
      <div className="filters">
        <SearchBox
          label="Search in names, ids, arguments, results"
          value={filter.search}
          onChange={(search) => onChange({ search })}
          input={searchInput}
        />
        <FilterCombo
          label="Any task"
          items={names}
          value={filter.name}
          onChange={(name) => onChange({ name })}
          empty="No task was seen yet"
        />
        <FilterCombo
          label="Any worker"
          items={workers.map((worker) => worker.hostname)}
          value={filter.worker}
          onChange={(worker) => onChange({ worker })}
          empty="No worker was seen yet"
        />
        <FilterSelect
          label="Received"
          options={RANGE_OPTIONS}
          value={filter.range}
          onChange={(range) => onChange({ range })}
        />
      </div>
      <StateChips
        chosen={filter.state ?? []}
        onChange={(state) => onChange({ state: state.length > 0 ? [...state] : undefined })}
      />
    </div>
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
