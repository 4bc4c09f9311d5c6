import { Link } from '@tanstack/react-router';
import type { Worker } from '../api/types';
import { StateBadge } from '../components/Badge';
import type { Column } from '../components/table';
import { RelativeTime } from '../components/Time';
import { compact, exact, UNKNOWN } from '../format/number';
import { cutMiddle } from '../format/text';

/** Characters of a worker's name: its end tells the pods of one Deployment apart. */
const NAME_SHOWN = 24;

function Numeric({ value }: { readonly value: number | null | undefined }) {
  return <span title={exact(value)}>{compact(value)}</span>;
}

export function loadText(loadavg: readonly number[] | null): string {
  return loadavg === null ? UNKNOWN : loadavg.map((load) => load.toFixed(2)).join(' ');
}

function software({ sw_ident, sw_ver }: Worker): string {
  return [sw_ident, sw_ver].filter(Boolean).join(' ') || UNKNOWN;
}

export const workerColumns: readonly Column<Worker>[] = [
  {
    id: 'hostname',
    header: 'Worker',
    width: 224,
    narrow: 216,
    grow: true,
    cell: ({ hostname }) => (
      <Link to="/worker/$name" params={{ name: hostname }} className="cut" title={hostname} dir="auto">
        {cutMiddle(hostname, NAME_SHOWN)}
      </Link>
    ),
  },
  { id: 'state', header: 'State', width: 96, cell: ({ state }) => <StateBadge of="worker" state={state} /> },
  {
    id: 'active',
    header: 'Active',
    width: 72,
    align: 'end',
    cell: ({ active }) => <Numeric value={active} />,
  },
  {
    id: 'processed',
    header: 'Processed',
    width: 96,
    align: 'end',
    cell: ({ processed }) => <Numeric value={processed} />,
  },
  {
    id: 'succeeded',
    header: 'Succeeded',
    width: 96,
    align: 'end',
    wideOnly: true,
    cell: ({ counters }) => <Numeric value={counters['task-succeeded'] ?? 0} />,
  },
  {
    id: 'failed',
    header: 'Failed',
    width: 76,
    align: 'end',
    wideOnly: true,
    cell: ({ counters }) => <Numeric value={counters['task-failed'] ?? 0} />,
  },
  {
    id: 'retried',
    header: 'Retried',
    width: 80,
    align: 'end',
    wideOnly: true,
    cell: ({ counters }) => <Numeric value={counters['task-retried'] ?? 0} />,
  },
  {
    id: 'load',
    header: 'Load 1, 5, 15 min',
    width: 136,
    align: 'end',
    wideOnly: true,
    cell: ({ loadavg }) => loadText(loadavg),
  },
  {
    id: 'heartbeat',
    header: 'Heartbeat',
    width: 96,
    align: 'end',
    wideOnly: true,
    cell: ({ last_heartbeat }) => <RelativeTime time={last_heartbeat} />,
  },
  {
    id: 'events',
    header: 'Task events',
    width: 104,
    wideOnly: true,
    cell: ({ task_events }) => (task_events ? 'Seen' : <span className="soft">None seen</span>),
  },
  {
    id: 'software',
    header: 'Celery',
    width: 88,
    wideOnly: true,
    cell: (worker) => (
      <span className="cut" title={software(worker)}>
        {worker.sw_ver ?? UNKNOWN}
      </span>
    ),
  },
];
