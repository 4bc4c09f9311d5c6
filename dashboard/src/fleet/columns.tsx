import type { Monitor } from '../api/types';
import type { RangeSearch } from '../app/range';
import { StateBadge } from '../components/Badge';
import type { Column } from '../components/table';
import { RelativeTime } from '../components/Time';
import { compact, exact, UNKNOWN } from '../format/number';
import { duration } from '../format/time';
import { brokerName } from '../monitor/health';
import { backlogWords, waiting } from './backlog';
import { failures, perMinute } from './fleet';
import { HealthBadge } from './HealthBadge';
import { healthOf } from './health';
import { pageOf } from './ways';

function Numeric({ value }: { readonly value: number | null | undefined }) {
  return value == null ? (
    <span className="faint">{UNKNOWN}</span>
  ) : (
    <span title={exact(value)}>{compact(value)}</span>
  );
}

function Name({ monitor, range }: { readonly monitor: Monitor; readonly range: RangeSearch }) {
  const { name, suspended } = monitor;
  if (suspended)
    return (
      <span className="cut" title={`${name}: suspended`} dir="auto">
        {name}
      </span>
    );
  return (
    <a href={pageOf(monitor, range)} className="cut" title={name} dir="auto">
      {name}
    </a>
  );
}

function HealthCell({ monitor }: { readonly monitor: Monitor }) {
  const { message, observed } = monitor;
  const health = healthOf(monitor);
  const why = health.level === 'failing' ? message : observed.stale ? observed.error : null;
  return (
    <span className="ready" title={why ?? message ?? undefined}>
      <HealthBadge health={health} />
      {why && <span className="cut soft">{why}</span>}
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

function Backlog({ monitor }: { readonly monitor: Monitor }) {
  const { text, title } = backlogWords(monitor);
  return (
    <span className={waiting(monitor) === null ? 'cut faint' : 'cut'} title={title}>
      {text}
    </span>
  );
}

function Heard({ monitor: { observed } }: { readonly monitor: Monitor }) {
  return (
    <span className={observed.stale ? 'stale' : undefined} title={observed.error ?? undefined}>
      {observed.at === null ? <span className="faint">never</span> : <RelativeTime time={observed.at} />}
    </span>
  );
}

/**
 * The columns; a name leads into its monitor with a range. `own` is what the fleet's own cluster is called where there
 * are others, too.
 */
export function fleetColumns(range: RangeSearch, own: string | null = null): readonly Column<Monitor>[] {
  const name: Column<Monitor> = {
    id: 'name',
    header: 'Monitor',
    width: 168,
    narrow: 150,
    grow: true,
    sort: 'name',
    cell: (monitor) => <Name monitor={monitor} range={range} />,
  };
  return own === null ? [name, ...OTHERS] : [name, clusterColumn(own), ...OTHERS];
}

function clusterColumn(own: string): Column<Monitor> {
  return {
    id: 'cluster',
    header: 'Cluster',
    width: 88,
    narrow: 72,
    sort: 'cluster',
    cell: ({ cluster }) => (
      <span className={cluster == null ? 'cut soft' : 'cut'} title={cluster ?? own}>
        {cluster ?? own}
      </span>
    ),
  };
}

const OTHERS: readonly Column<Monitor>[] = [
  {
    id: 'namespace',
    header: 'Namespace',
    width: 104,
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
    header: 'Health',
    width: 168,
    narrow: 112,
    grow: true,
    sort: 'ready',
    cell: (monitor) => <HealthCell monitor={monitor} />,
  },
  {
    id: 'broker',
    header: 'Broker',
    width: 216,
    wideOnly: true,
    cell: (monitor) => <BrokerCell monitor={monitor} />,
  },
  {
    id: 'workers',
    header: 'Workers',
    width: 72,
    align: 'end',
    sort: 'workers',
    cell: ({ summary }) => <Numeric value={summary?.workers.online} />,
  },
  {
    id: 'rate',
    header: 'Tasks/min',
    width: 84,
    align: 'end',
    wideOnly: true,
    sort: 'rate',
    cell: (monitor) => <Numeric value={perMinute(monitor)} />,
  },
  {
    id: 'failures',
    header: 'Failed, 1 h',
    width: 88,
    align: 'end',
    wideOnly: true,
    sort: 'failures',
    cell: (monitor) => <Numeric value={failures(monitor)} />,
  },
  {
    id: 'backlog',
    header: 'Backlog',
    width: 80,
    align: 'end',
    wideOnly: true,
    sort: 'backlog',
    cell: (monitor) => <Backlog monitor={monitor} />,
  },
  {
    id: 'lag',
    header: 'Behind',
    width: 84,
    align: 'end',
    wideOnly: true,
    sort: 'lag',
    cell: ({ summary }) => <span className="cut">{duration(summary?.events.lag)}</span>,
  },
  {
    id: 'version',
    header: 'Version',
    width: 68,
    wideOnly: true,
    cell: ({ version }) => <span className="cut">{version ?? UNKNOWN}</span>,
  },
  {
    id: 'heard',
    header: 'Heard',
    width: 80,
    align: 'end',
    wideOnly: true,
    cell: (monitor) => <Heard monitor={monitor} />,
  },
];
