import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMe } from '../api/me';
import { useLiveState } from '../app/services';
import { useAsked } from '../app/useAsked';
import { useStale } from '../components/Connection';
import { DataTable } from '../components/DataTable';
import { NoticeBar } from '../components/NoticeBar';
import { Empty, Failure } from '../components/States';
import { TableSkeleton } from '../components/TableSkeleton';
import { count } from '../format/number';
import { policyColumns, type PolicyRow } from './columns';
import { PolicyDetail } from './PolicyDetail';
import { standingOf } from './policies';
import { policiesQuery } from './queries';
import { Switch } from './Switch';
import type { Policies } from './types';

/** Milliseconds between two looks: policies are decided every five seconds. */
const LOOK_AGAIN = 5000;

const MAKE = `curl -X PUT https://MONITOR/api/v1/autoscale/policies/orders -H "Authorization: Bearer …" -d '
  {"match": {"queue": "default"}, "min": 2, "max": 8, "dryRun": true}'`;

const route = getRouteApi('/scaling');

/** Policies for the sizes of workers' pools: what each wants, what it did, and the switch that stops them. */
export function ScalingPage() {
  const paused = useLiveState().phase === 'paused';
  const asked = useAsked({ ...policiesQuery, refetchInterval: paused ? false : LOOK_AGAIN });
  const { data, error, refetch } = asked;
  const stale = useStale() || error !== null;
  if (data === undefined)
    return error ? (
      <Failure what="The policies" error={error} retry={() => void refetch()} />
    ) : (
      <TableSkeleton label="the policies" />
    );
  return (
    <>
      <h1 className="visually-hidden">Scaling</h1>
      {data.problem !== null && <Problem why={data.problem} />}
      {data.items.length === 0 ? <NoPolicy /> : <Followed policies={data} stale={stale} />}
    </>
  );
}

function Followed({ policies, stale }: { readonly policies: Policies; readonly stale: boolean }) {
  const { policy: opened } = route.useSearch();
  const navigate = useNavigate({ from: '/scaling' });
  const open = (policy?: string) => void navigate({ search: { policy } });
  const readOnly = useMe()?.read_only ?? false;
  const rows: PolicyRow[] = policies.items.map((item) => ({
    ...item,
    standing: standingOf(item, policies.enabled, readOnly),
  }));
  const row = rows.find(({ policy }) => policy.name === opened);
  return (
    <>
      <Switch enabled={policies.enabled} />
      <DataTable
        label="Policies"
        columns={policyColumns}
        items={rows}
        idOf={({ policy }) => policy.name}
        onOpen={({ policy }) => open(policy.name)}
        stale={stale}
        foot={`${count(rows.length, 'policy', 'policies')}. Enough: what would be right for each pool now, before steps, windows and cooldown.`}
      />
      {row && <PolicyDetail row={row} onClose={() => open()} />}
    </>
  );
}

function Problem({ why }: { readonly why: string }) {
  const fix = 'No policy is followed until it is put right.';
  return <NoticeBar notice={{ code: 'policies', severity: 'error', message: why, fix }} />;
}

function NoPolicy() {
  return (
    <Empty
      title="There is no policy"
      why="A policy gives workers more processes, threads or greenlets while there is much to do, and fewer afterwards. With the operator it stands in spec.autoscaling.policies of the FlowerMonitor, else in the file of --autoscale-file, or it is put over the API. A dry run decides and writes down, and changes nothing."
      lines={{ label: 'Begin with a dry run', text: MAKE }}
    />
  );
}
