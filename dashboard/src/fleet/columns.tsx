import type { Monitor } from '../api/types';
import { ReadyBadge, StateBadge } from '../components/Badge';
import type { Column } from '../components/table';
import { RelativeTime } from '../components/Time';
import { compact, exact, UNKNOWN } from '../format/number';
import { duration } from '../format/time';
import { brokerName } from '../monitor/health';
import { failures, perMinute, wayInto } from './fleet';

function Numeric({ value }: { readonly value: number | null | undefined }) {
  return value == null ? (
    <span className="faint">{UNKNOWN}</span>
  ) : (
    <span title={exact(value)}>{compact(value)}</span>
  );
}

function Name({ monitor }: { readonly monitor: Monitor }) {
  const { name, suspended } = monitor;
  if (suspended)
    return (
      <span className="cut" title={`${name}: suspended`} dir="auto">
        {name}
      </span>
    );
  return (
    <a href={wayInto(monitor)} className="cut" title={name} dir="auto">
      {name}
    </a>
  );
}

function Readiness({ monitor: { ready, suspended, reason, message } }: { readonly monitor: Monitor }) {
  const word = suspended ? 'Suspended' : ready ? 'Ready' : (reason ?? 'Not ready');
  return (
    <span className="ready" title={message ?? undefined}>
      {suspended ? (
        <StateBadge of="worker" state="offline" word={word} />
      ) : (
        <ReadyBadge ready={ready} word={word} />
      )}
      {!ready && !suspended && message && <span className="cut soft">{message}</span>}
    </span>
  );
}

function BrokerCell({ monitor: { broker, summary } }: { readonly monitor: Monitor }) {
  const state = summary?.broker.state ?? broker?.state;
  return (
    <>
      <span className="cut">{broker ? brokerName(broker.kind) : UNKNOWN}</span>
      {state && <StateBadge of="broker" state={state} />}
    </>
  );
}

function Heard({ monitor: { observed } }: { readonly monitor: Monitor }) {
  return (
    <span className={observed.stale ? 'stale' : undefined} title={observed.error ?? undefined}>
      {observed.at === null ? <span className="faint">never</span> : <RelativeTime time={observed.at} />}
    </span>
  );
}

export const fleetColumns: readonly Column<Monitor>[] = [
  {
    id: 'name',
    header: 'Monitor',
    width: 150,
    narrow: 136,
    grow: true,
    sort: 'name',
    cell: (monitor) => <Name monitor={monitor} />,
  },
  {
    id: 'namespace',
    header: 'Namespace',
    width: 108,
    wideOnly: true,
    sort: 'namespace',
    cell: ({ namespace }) => (
      <span className="cut" title={namespace}>
        {namespace}
      </span>
    ),
  },
  {
    id: 'ready',
    header: 'Ready',
    width: 190,
    narrow: 120,
    grow: true,
    sort: 'ready',
    cell: (monitor) => <Readiness monitor={monitor} />,
  },
  {
    id: 'broker',
    header: 'Broker',
    width: 208,
    wideOnly: true,
    cell: (monitor) => <BrokerCell monitor={monitor} />,
  },
  {
    id: 'workers',
    header: 'Workers',
    width: 76,
    align: 'end',
    sort: 'workers',
    cell: ({ summary }) => <Numeric value={summary?.workers.online} />,
  },
  {
    id: 'rate',
    header: 'Tasks/min',
    width: 88,
    align: 'end',
    wideOnly: true,
    sort: 'rate',
    cell: (monitor) => <Numeric value={perMinute(monitor)} />,
  },
  {
    id: 'failures',
    header: 'Failed, 1 h',
    width: 96,
    align: 'end',
    wideOnly: true,
    sort: 'failures',
    cell: (monitor) => <Numeric value={failures(monitor)} />,
  },
  {
    id: 'lag',
    header: 'Behind',
    width: 92,
    align: 'end',
    wideOnly: true,
    sort: 'lag',
    cell: ({ summary }) => <span className="cut">{duration(summary?.events.lag)}</span>,
  },
  {
    id: 'version',
    header: 'Version',
    width: 72,
    wideOnly: true,
    cell: ({ version }) => <span className="cut">{version ?? UNKNOWN}</span>,
  },
  {
    id: 'heard',
    header: 'Heard',
    width: 84,
    align: 'end',
    wideOnly: true,
    cell: (monitor) => <Heard monitor={monitor} />,
  },
];
