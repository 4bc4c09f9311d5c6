import { useMemo } from 'react';
import { Chart } from '../../charts/Chart';
import { compact, UNKNOWN } from '../../format/number';
import { finished } from '../../overview/figures';
import type { Counts, History } from '../../overview/types';
import { keyOf } from '../fleet';
import type { Pair } from './CompareTable';
import { compared } from './lines';

/** Name of the charts whose cursors move together. */
const GROUP = 'compare';

const failed = (counts: Counts) => counts.failed;

function rate(value: number | null): string {
  return value === null ? UNKNOWN : compact(value);
}

interface ChartsProps {
  readonly columns: Pair;
  readonly now: number;
  readonly onDrag: (start: number, end: number, step: number) => void;
}

/** Both monitors in each chart, on the same axes. */
export function CompareCharts({ columns, now, onDrag }: ChartsProps) {
  const common = { columns, now, onDrag };
  return (
    <div className="charts">
      <Both
        {...common}
        title="Throughput"
        unit="tasks a minute"
        of={finished}
        empty="Nothing ended in this time"
      />
      <Both {...common} title="Failures" unit="a minute" of={failed} empty="Nothing failed in this time" />
    </div>
  );
}

interface BothProps extends ChartsProps {
  readonly title: string;
  readonly unit: string;
  readonly of: (counts: Counts) => number;
  readonly empty: string;
}

function Both({ columns: [a, b], now, onDrag, title, unit, of, empty }: BothProps) {
  const [first, second] = [keyOf(a.monitor), keyOf(b.monitor)];
  const data = useMemo(() => {
    const sides = [
      { name: first, history: a.history },
      { name: second, history: b.history },
    ];
    return compared(sides, now, of);
  }, [first, second, a.history, b.history, now, of]);
  if (data === null) return null;
  const sum = (history: History | null) => (history === null ? UNKNOWN : compact(of(history.counts)));
  return (
    <Chart
      title={title}
      unit={unit}
      data={data}
      format={rate}
      totals={{ a: sum(a.history), b: sum(b.history) }}
      group={GROUP}
      onDrag={(start, end) => onDrag(start, end, data.step)}
      empty={empty}
    />
  );
}
