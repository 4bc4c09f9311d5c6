import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useDeferredValue, useMemo, useRef } from 'react';
import { ApiError } from '../api/client';
import { useLiveState } from '../app/services';
import { useShortcuts } from '../app/shortcuts';
import { useAsked } from '../app/useAsked';
import { useStale } from '../components/Connection';
import { DataTable } from '../components/DataTable';
import { Empty, Failure, Skeleton } from '../components/States';
import { compact, count, exact } from '../format/number';
import { partFrom, partText } from './camera';
import { inOrder, ShowContext, workflowColumns } from './columns';
import { type GraphControls, GraphView } from './GraphView';
import { Legend } from './Legend';
import { type GraphNode, GROUPED_FROM, nodeOfTask } from './nodes';
import { workflowQuery } from './queries';
import type { WorkflowSearch } from './search';
import { isFailed, isUnfinished, toneOfTask } from './states';
import { Toolbar } from './Toolbar';
import type { Workflow, WorkflowTask } from './types';
import { useScene } from './useScene';
import './WorkflowPage.css';

const route = getRouteApi('/workflow/$root');
const NONE: readonly WorkflowTask[] = [];

/** What one task led to, as a graph and as a table. */
export function WorkflowPage() {
  const { root } = route.useParams();
  const paused = useLiveState().phase === 'paused';
  const { data, error, refetch } = useAsked(workflowQuery({ root, paused }));
  if (data !== undefined) return <WorkflowView workflow={data} old={error !== null} />;
  if (error instanceof ApiError && error.status === 404)
    return (
      <Empty
        title="This workflow is not known"
        why={`${error.message}.`}
        action={
          <Link to="/tasks" className="button">
            All tasks
          </Link>
        }
      />
    );
  if (error) return <Failure what="The workflow" error={error} retry={() => void refetch()} />;
  return <Skeleton rows={12} label="the workflow" />;
}

interface ViewProps {
  readonly workflow: Workflow;
  /** What is shown is older than it should be. */
  readonly old: boolean;
}

function WorkflowView({ workflow, old }: ViewProps) {
  const { items } = workflow;
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/workflow/$root' });
  const graph = useRef<GraphControls>(null);
  const stale = useStale() || old;
  const grouped = search.group === undefined ? items.length >= GROUPED_FROM : search.group === 'on';
  const { scene, failed, path } = useScene(items, search, grouped);
  const inPath = search.path === 'failed';
  const change = (next: WorkflowSearch) =>
    void navigate({ search: (before) => ({ ...before, ...next }), replace: true, resetScroll: false });
  const openTask = (uuid: string) => void navigate({ to: '/task/$uuid', params: { uuid } });
  const showPath = () => {
    change({ path: inPath ? undefined : 'failed' });
    if (!inPath) graph.current?.centre(path, failed);
  };
  const showTask = (uuid: string) => {
    change({ task: uuid });
    graph.current?.centre(null, [nodeOfTask(scene.graph, items, uuid)]);
  };
  const showNext = () => {
    const next = failed[(failed.indexOf(scene.marked) + 1) % failed.length] ?? -1;
    const place = scene.graph.nodes[next]?.tasks.find((task) => failedTask(items[task])) ?? -1;
    if (items[place] !== undefined) showTask(items[place].uuid);
  };
  const openNode = ({ id, tasks }: GraphNode) => {
    if (tasks.length > 1) change({ open: [...(search.open ?? []), id] });
    else openTask(items[tasks[0] ?? -1]?.uuid ?? id);
  };
  useShortcuts({
    f: () => (failed.length > 0 || inPath) && showPath(),
    '+': () => graph.current?.zoom(1),
    '-': () => graph.current?.zoom(-1),
    0: () => graph.current?.fit(),
  });
  return (
    <>
      <Heading workflow={workflow} />
      <Toolbar
        failed={items.filter(failedTask).length}
        places={failed.length}
        inPath={inPath}
        grouped={grouped}
        opened={search.open?.length ?? 0}
        graph={graph}
        onPath={showPath}
        onNext={showNext}
        onGrouped={(on) => change({ group: on ? 'on' : 'off', open: undefined })}
        onClose={() => change({ open: undefined })}
      />
      <GraphView
        scene={scene}
        arrangement={String(grouped)}
        label={`Graph of ${count(items.length, 'task')}. The table below has the same tasks.`}
        stale={stale}
        at={partFrom(search.at)}
        onMoved={(part) => change({ at: partText(part) })}
        onOpen={openNode}
        controls={graph}
      />
      <Legend nodes={scene.graph.nodes} />
      <ShowContext value={showTask}>
        <WorkflowTable workflow={workflow} stale={stale} onOpen={openTask} />
      </ShowContext>
    </>
  );
}

function failedTask(task: WorkflowTask | undefined): boolean {
  return task !== undefined && isFailed(toneOfTask(task));
}

function Heading({ workflow: { root_id, name, items, more } }: { readonly workflow: Workflow }) {
  const unfinished = items.filter(isUnfinished).length;
  return (
    <div className="workflow-head">
      <h1>
        Workflow of <span dir="auto">{name ?? 'a task that is no longer kept'}</span>
      </h1>
      <span className="soft">
        {more ? 'more than ' : ''}
        {count(items.length, 'task')},{' '}
        {unfinished === 0 ? 'none unfinished' : `${compact(unfinished)} unfinished`}
      </span>
      <Link to="/task/$uuid" params={{ uuid: root_id }} className="mono">
        {root_id}
      </Link>
    </div>
  );
}

interface TableProps {
  readonly workflow: Workflow;
  readonly stale: boolean;
  readonly onOpen: (uuid: string) => void;
}

function WorkflowTable({ workflow: { items, more }, stale, onOpen }: TableProps) {
  // The picture comes first: the rows of ten thousand tasks take longer.
  const listed = useDeferredValue(items, NONE);
  const rows = useMemo(() => inOrder(listed), [listed]);
  return (
    <DataTable
      label="Tasks of the workflow"
      columns={workflowColumns}
      items={rows}
      idOf={({ uuid }) => uuid}
      onOpen={({ uuid }) => onOpen(uuid)}
      stale={stale}
      foot={more ? `Only the ${exact(items.length)} tasks that were seen first are shown.` : undefined}
    />
  );
}
