import { ArrowLeftRight } from 'lucide-react';
import { useMemo } from 'react';
import type { Monitor } from '../../api/types';
import { FilterCombo } from '../../components/FilterBar';
import { keyOf } from '../fleet';
import type { CompareSearch } from '../search';

interface ChooserProps {
  readonly search: CompareSearch;
  readonly monitors: readonly Monitor[];
  readonly onChange: (change: Partial<CompareSearch>) => void;
}

/** Which two, found by typing. */
export function Chooser({ search: { a, b }, monitors, onChange }: ChooserProps) {
  const keys = useMemo(() => monitors.map(keyOf).sort(), [monitors]);
  const empty = 'There is no monitor';
  return (
    <div className="chooser">
      <FilterCombo
        label="First monitor"
        items={keys.filter((key) => key !== b)}
        value={a}
        onChange={(next) => onChange({ a: next })}
        empty={empty}
      />
      <button
        type="button"
        className="icon-button"
        aria-label="Change places"
        title="Change places"
        onClick={() => onChange({ a: b, b: a })}
      >
        <ArrowLeftRight size={16} aria-hidden="true" />
      </button>
      <FilterCombo
        label="Second monitor"
        items={keys.filter((key) => key !== a)}
        value={b}
        onChange={(next) => onChange({ b: next })}
        empty={empty}
      />
    </div>
  );
}
