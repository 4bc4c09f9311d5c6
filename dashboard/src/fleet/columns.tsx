import type { Monitor } from '../api/types';
import type { RangeSearch } from '../app/range';
import { StateBadge, stateWord } from '../components/Badge';
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

/** A broker that is connected needs no word for that: the shape says it, and is told to who can't see it. */
function BrokerCell({ monitor: { broker, summary } }: { readonly monitor: Monitor }) {
  const kind = broker?.kind ?? summary?.broker.kind;
  const state = summary?.broker.state ?? broker?.state;
  const name = kind === undefined ? UNKNOWN : brokerName(kind);
  if (!state) return <span className="cut">{name}</span>;
  const connected = state === 'connected';
  return (
    <>
      <StateBadge
        of="broker"
        state={state}
        word={connected ? name : `${name} ${stateWord(state).toLowerCase()}`}
      />
      {connected && <span className="visually-hidden">connected</span>}
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

function Behind({ seconds }: { readonly seconds: number | null | undefined }) {
  const text = duration(seconds);
  return (
    <span className="cut" title={text}>
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
 * are others, too. Without it and the version they take 1,052 px, which a page of 1,280 has beside the rail and a scroll
 * bar.
 */
export function fleetColumns(range: RangeSearch, own: string | null = null): readonly Column<Monitor>[] {
  const name: Column<Monitor> = {
    id: 'name',
    header: 'Monitor',
    width: 152,
    narrow: 150,
    grow: true,
    sort: 'name',
    cell: (monitor) => <Name monitor={monitor} range={range} />,
  };
  const others = OTHERS.map((column) => (HEARD.has(column.id) ? heard(column) : column));
  return own === null ? [name, ...others] : [name, clusterColumn(own), ...others];
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

/** What monitors tell of themselves. */
const HEARD: ReadonlySet<string> = new Set(['broker', 'workers', 'rate', 'failures', 'backlog', 'lag']);

/** The same column, without any colour where the monitor is not heard any more: it says how things were. */
function heard(column: Column<Monitor>): Column<Monitor> {
  const { cell } = column;
  return {
    ...column,
    cell: (monitor) =>
      monitor.observed.stale ? <span className="unheard">{cell(monitor)}</span> : cell(monitor),
  };
}

const OTHERS: readonly Column<Monitor>[] = [
  {
    id: 'namespace',
    header: 'Namespace',
    width: 96,
    grow: true,
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
    width: 156,
    narrow: 112,
    grow: true,
    sort: 'ready',
    cell: (monitor) => <HealthCell monitor={monitor} />,
  },
  {
    id: 'broker',
    header: 'Broker',
    width: 144,
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
    width: 76,
    align: 'end',
    wideOnly: true,
    sort: 'backlog',
    cell: (monitor) => <Backlog monitor={monitor} />,
  },
  {
    id: 'lag',
    header: 'Behind',
    width: 80,
    align: 'end',
    wideOnly: true,
    sort: 'lag',
    cell: ({ summary }) => <Behind seconds={summary?.events.lag} />,
  },
  {
    id: 'version',
    header: 'Version',
    width: 76,
    widestOnly: true,
    cell: ({ version }) => (
      <span className="cut" title={version ?? undefined}>
        {version ?? UNKNOWN}
      </span>
    ),
  },
  {
    id: 'heard',
    header: 'Heard',
    width: 100,
    align: 'end',
    wideOnly: true,
    cell: (monitor) => <Heard monitor={monitor} />,
  },
];
