import { useMemo } from 'react';
import { Chart } from '../charts/Chart';
import { compact, UNKNOWN } from '../format/number';
import { duration } from '../format/time';
import { percentileTexts, percentiles, throughput } from './series';
import type { History } from './types';

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
  const { succeeded, failed, retried, revoked } = history.counts;
  const counts = {
    succeeded: compact(succeeded),
    failed: compact(failed),
    retried: compact(retried),
    revoked: compact(revoked),
  };
  const common = { group: GROUP, onDrag };
  const none = 'Nothing ended in this time';
  return (
    <div className="charts">
      <Chart
        {...common}
        title="Throughput"
        unit="tasks a minute"
        data={data.all}
        format={rate}
        totals={counts}
        empty={none}
      />
      <Chart
        {...common}
        title="Failures and retries"
        unit="a minute"
        data={data.bad}
        format={rate}
        totals={counts}
        empty="Nothing failed in this time"
      />
      <Chart
        {...common}
        title="Waited"
        unit="from sent to started"
        data={data.wait}
        format={duration}
        totals={percentileTexts(history.times.wait, duration)}
        empty="No wait was measured: workers send task-started, senders task-sent"
      />
      <Chart
        {...common}
        title="Ran"
        unit="of tasks that succeeded"
        data={data.run}
        format={duration}
        totals={percentileTexts(history.times.run, duration)}
        empty="No run time was measured"
      />
    </div>
  );
}
