import { Link } from '@tanstack/react-router';
import { StateBadge } from '../components/Badge';
import type { Column } from '../components/table';
import { RelativeTime } from '../components/Time';
import { compact, exact, UNKNOWN } from '../format/number';
import { cutMiddle } from '../format/text';
import { Busy } from './Busy';
import { poolWord } from './pool';
import type { WorkerRow } from './rows';

/** Characters of a worker's name: its end tells the pods of one Deployment apart. */
const NAME_SHOWN = 24;

function Numeric({
  value,
  failure,
}: {
  readonly value: number | null | undefined;
  readonly failure?: boolean;
}) {
  return (
    <span title={exact(value)} className={failure && value ? 'worker-failing' : undefined}>
      {compact(value)}
    </span>
  );
}

export function loadText(loadavg: readonly number[] | null): string {
  return loadavg === null ? UNKNOWN : loadavg.map((load) => load.toFixed(2)).join(' ');
}

function Cut({ text }: { readonly text: string }) {
  return (
    <span className="cut" title={text} dir="auto">
      {text}
    </span>
  );
}

function number(
  id: string,
  header: string,
  width: number,
  value: (row: WorkerRow) => number | null | undefined,
  failure = false,
): Column<WorkerRow> {
  return {
    id,
    header,
    width,
    align: 'end',
    wideOnly: true,
    sort: id,
    cell: (row) => <Numeric value={value(row)} failure={failure} />,
  };
}

export const workerColumns: readonly Column<WorkerRow>[] = [
  {
    id: 'hostname',
    header: 'Worker',
    width: 208,
    narrow: 176,
    grow: true,
    sort: 'worker',
    cell: ({ worker: { hostname } }) => (
      <Link to="/worker/$name" params={{ name: hostname }} className="cut" title={hostname} dir="auto">
        {cutMiddle(hostname, NAME_SHOWN)}
      </Link>
    ),
  },
  {
    id: 'state',
    header: 'State',
    width: 100,
    cell: ({ worker: { state } }) => <StateBadge of="worker" state={state} />,
  },
  { id: 'busy', header: 'Busy', width: 120, narrow: 76, sort: 'busy', cell: (row) => <Busy row={row} /> },
  {
    id: 'pool',
    header: 'Pool',
    width: 84,
    wideOnly: true,
    cell: ({ pool }) => <Cut text={poolWord(pool?.pool) ?? UNKNOWN} />,
  },
  {
    id: 'queues',
    header: 'Queues',
    width: 120,
    grow: true,
    wideOnly: true,
    cell: ({ pool }) => <Cut text={pool?.queues.join(', ') ?? UNKNOWN} />,
  },
  number('ended', 'Ended / min', 100, ({ rates }) => rates?.ended),
  number('failed', 'Failed / min', 100, ({ rates }) => rates?.failed, true),
  number('processed', 'Processed', 92, ({ worker }) => worker.processed),
  number('restarts', 'Restarts', 84, ({ worker }) => worker.restarts),
  {
    id: 'load',
    header: 'Load 1 min',
    width: 88,
    align: 'end',
    wideOnly: true,
    cell: ({ worker: { loadavg } }) => (
      <span title={`1, 5 and 15 minutes: ${loadText(loadavg)}`}>{loadavg?.[0]?.toFixed(2) ?? UNKNOWN}</span>
    ),
  },
  {
    id: 'heartbeat',
    header: 'Heartbeat',
    width: 104,
    align: 'end',
    wideOnly: true,
    sort: 'heartbeat',
    cell: ({ worker }) => <RelativeTime time={worker.last_heartbeat} />,
  },
];
