import { useId } from 'react';
import { useServices, useZone } from '../app/services';
import { FilterSelect, type Option } from '../components/FilterBar';
import { BETWEEN, RANGES, type TaskFilter } from './filter';
import { fromField, iso, toField } from './instants';

const OPTIONS: readonly Option[] = [
  { value: null, label: 'Any time' },
  ...Object.entries(RANGES).map(([value, { label }]) => ({ value, label })),
  { value: BETWEEN, label: 'Between …' },
];
const HOUR = 3600;

interface RangeProps {
  readonly filter: TaskFilter;
  readonly onChange: (change: Partial<TaskFilter>) => void;
}

/** When tasks were received: in the last minutes or days, or between two moments. */
export function RangeField({ filter, onChange }: RangeProps) {
  const { clock } = useServices();
  const choose = (range: string | undefined) => {
    if (range !== BETWEEN) {
      onChange({ range, from: undefined, to: undefined });
      return;
    }
    const seconds = (filter.range === undefined ? undefined : RANGES[filter.range]?.seconds) ?? HOUR;
    // Whole minutes: that is what the fields show.
    const now = Math.floor(clock.now() / 60) * 60;
    onChange({ range, from: iso(now - seconds), to: undefined });
  };
  return (
    <>
      <FilterSelect label="Received" options={OPTIONS} value={filter.range} onChange={choose} />
      {filter.range === BETWEEN && (
        <>
          <Moment label="From" value={filter.from} onChange={(from) => onChange({ from })} />
          <Moment label="To" value={filter.to} onChange={(to) => onChange({ to })} />
        </>
      )}
    </>
  );
}

interface MomentProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

function Moment({ label, value, onChange }: MomentProps) {
  const zone = useZone();
  const id = useId();
  return (
    <div className="field" data-set={value === undefined ? undefined : ''}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="datetime-local"
        className="field-input moment"
        title={zone === 'utc' ? 'In UTC' : 'In the time of this browser'}
        value={toField(value, zone)}
        onChange={(event) => onChange(fromField(event.target.value, zone))}
      />
    </div>
  );
}
