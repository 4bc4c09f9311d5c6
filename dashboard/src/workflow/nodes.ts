import type { Forest } from './forest';
import { isFailed, type Tone, toneOfTask } from './states';
import type { WorkflowTask } from './types';

/** What is drawn as one: a task, or several of one name that came from the same. */
export interface GraphNode {
  /** The uuid of a task; of a group what it came from and its name. Stays the same while tasks come. */
  readonly id: string;
  /** Places of its tasks in the workflow. */
  readonly tasks: readonly number[];
  readonly name: string | null;
  /** How many tasks by tone. */
  readonly tally: ReadonlyMap<Tone, number>;
}

export interface Graph extends Forest {
  readonly nodes: readonly GraphNode[];
}

export interface Grouping {
  /** Siblings of one name are one node. */
  readonly grouped: boolean;
  /** Ids of groups of which each task is a node nevertheless. */
  readonly opened: ReadonlySet<string>;
}

/** Tasks from which on they are grouped unless somebody says otherwise: so many are still read one by one. */
export const GROUPED_FROM = 300;

/**
 * The graph of a workflow. What the tasks of a group led to is grouped as if one task had led to it, so a chord of
 * a thousand chains is as long as one chain.
 */
export function graphOf(items: readonly WorkflowTask[], forest: Forest, grouping: Grouping): Graph {
  const nodes: GraphNode[] = [];
  const parents: number[] = [];
  const children: number[][] = [];
  const add = (node: GraphNode, parent: number) => {
    children[parent]?.push(nodes.length);
    nodes.push(node);
    parents.push(parent);
    children.push([]);
  };
  for (const node of nodesOf(items, forest.roots, '', grouping)) add(node, -1);
  // The list grows while it is gone through.
  for (let number = 0; number < nodes.length; number += 1) {
    const { id, tasks } = nodes[number] as GraphNode;
    const next = tasks.flatMap((task) => forest.children[task] ?? []);
    for (const node of nodesOf(items, next, id, grouping)) add(node, number);
  }
  const roots = [...parents.keys()].filter((number) => parents[number] === -1);
  return { nodes, parents, children, roots };
}

function nodesOf(
  items: readonly WorkflowTask[],
  tasks: readonly number[],
  parent: string,
  { grouped, opened }: Grouping,
): readonly GraphNode[] {
  const alone = (task: number) => nodeOf(items, items[task]?.uuid ?? '', [task]);
  if (!grouped) return tasks.map(alone);
  return [...byName(items, tasks)].flatMap(([name, same]) => {
    const id = `${parent}/${name}`;
    return same.length === 1 || opened.has(id) ? same.map(alone) : [nodeOf(items, id, same)];
  });
}

function byName(items: readonly WorkflowTask[], tasks: readonly number[]): ReadonlyMap<string, number[]> {
  const found = new Map<string, number[]>();
  for (const task of tasks) {
    const name = items[task]?.name ?? '';
    const same = found.get(name);
    if (same === undefined) found.set(name, [task]);
    else same.push(task);
  }
  return found;
}

function nodeOf(items: readonly WorkflowTask[], id: string, tasks: readonly number[]): GraphNode {
  const tally = new Map<Tone, number>();
  for (const task of tasks) {
    const item = items[task];
    if (item === undefined) continue;
    const tone = toneOfTask(item);
    tally.set(tone, (tally.get(tone) ?? 0) + 1);
  }
  return { id, tasks, name: items[tasks[0] ?? -1]?.name ?? null, tally };
}

/** Whether any of its tasks went wrong. */
export function hasFailed({ tally }: GraphNode): boolean {
  return [...tally.keys()].some(isFailed);
}

/** The nodes in which something went wrong, and all that they came from. */
export function failedPath(graph: Graph): {
  readonly failed: readonly number[];
  readonly path: ReadonlySet<number>;
} {
  const failed = graph.nodes.flatMap((node, number) => (hasFailed(node) ? [number] : []));
  const path = new Set<number>();
  for (const number of failed)
    for (let at = number; at >= 0 && !path.has(at); at = graph.parents[at] ?? -1) path.add(at);
  return { failed, path };
}

/** The node that a task is in; -1: none. */
export function nodeOfTask(graph: Graph, items: readonly WorkflowTask[], uuid: string | undefined): number {
  if (uuid === undefined) return -1;
  const place = items.findIndex((item) => item.uuid === uuid);
  return graph.nodes.findIndex(({ tasks }) => tasks.includes(place));
}
