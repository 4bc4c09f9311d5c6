import { useMemo } from 'react';
import { Chart } from '../charts/Chart';
import { compact, UNKNOWN } from '../format/number';
import { duration } from '../format/time';
import { countTexts, percentileTexts, percentiles, throughput } from './series';
import type { History, Times } from './types';

/** Name of the charts whose cursors move together. */
const GROUP = 'overview';

function rate(value: number | null): string {
  return value === null ? UNKNOWN : compact(value);
}

interface ChartsProps {
  readonly history: History;
  readonly now: number;
  readonly onDrag: (start: number, end: number) => void;
}

/** Four pictures of the same time. Dragging over one sets the range of the page. */
export function Charts({ history, now, onDrag }: ChartsProps) {
  const data = useMemo(
    () => ({
      all: throughput(history, now),
      bad: throughput(history, now, ['failed', 'retried']),
      wait: percentiles(history, 'wait', now),
      run: percentiles(history, 'run', now),
    }),
    [history, now],
  );
  const common = { group: GROUP, onDrag };
  const outcomes = { ...common, format: rate, totals: countTexts(history.counts, compact) };
  const times = (of: keyof Times) => ({
    ...common,
    data: data[of],
    format: duration,
    totals: percentileTexts(history.times[of], duration),
  });
  return (
    <div className="charts">
      <Chart
        {...outcomes}
        title="Throughput"
        unit="tasks a minute"
        data={data.all}
        empty="Nothing ended in this time"
      />
      <Chart
        {...outcomes}
        title="Failures and retries"
        unit="a minute"
        data={data.bad}
        empty="Nothing failed in this time"
      />
      <Chart
        {...times('wait')}
        title="Waited"
        unit="from sent to started"
        empty="No wait was measured: workers send task-started, senders task-sent"
      />
      <Chart {...times('run')} title="Ran" unit="of tasks that succeeded" empty="No run time was measured" />
    </div>
  );
}
