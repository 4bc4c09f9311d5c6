import Flatbush from 'flatbush';
import { useMemo } from 'react';
import { forestOf } from './forest';
import { type Layout, layoutOf, NODE } from './layout';
import { failedPath, graphOf, nodeOfTask } from './nodes';
import type { Scene } from './paint';
import type { WorkflowSearch } from './search';
import type { WorkflowTask } from './types';

interface Shown {
  readonly scene: Scene;
  /** Nodes in which something failed, and all that they came from. */
  readonly failed: readonly number[];
  readonly path: ReadonlySet<number>;
}

/** The picture of a workflow as the URL wants it. */
export function useScene(
  items: readonly WorkflowTask[],
  { open, path: wanted, task }: WorkflowSearch,
  grouped: boolean,
): Shown {
  const forest = useMemo(() => forestOf(items), [items]);
  // As one text: the URL is taken apart anew each time.
  const opened = JSON.stringify(open ?? []);
  const graph = useMemo(
    () => graphOf(items, forest, { grouped, opened: new Set(JSON.parse(opened) as string[]) }),
    [items, forest, grouped, opened],
  );
  const layout = useMemo(() => layoutOf(graph), [graph]);
  const index = useMemo(() => indexOf(layout), [layout]);
  const { failed, path } = useMemo(() => failedPath(graph), [graph]);
  const marked = useMemo(() => nodeOfTask(graph, items, task), [graph, items, task]);
  const scene = useMemo(
    () => ({ items, graph, layout, index, marked, path: wanted === 'failed' ? path : null }),
    [items, graph, layout, index, marked, path, wanted],
  );
  return { scene, failed, path };
}

export function indexOf({ x, y }: Layout): Flatbush {
  const index = new Flatbush(Math.max(1, x.length));
  x.forEach((left, node) => {
    const top = y[node] ?? 0;
    index.add(left, top, left + NODE.width, top + NODE.height);
  });
  if (x.length === 0) index.add(0, 0, 0, 0);
  index.finish();
  return index;
}
