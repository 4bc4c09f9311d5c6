import { describe, expect, it } from 'vitest';
import { forestOf } from './forest';
import { failedPath, type Graph, graphOf, nodeOfTask } from './nodes';
import type { WorkflowTask } from './types';

function task(uuid: string, parent_id: string | null, name: string, state = 'SUCCESS'): WorkflowTask {
  const times = { sent: null, received: null, started: null, ended: null, runtime: null };
  return { uuid, name, state, parent_id, worker: null, retries: null, verdict: null, ...times };
}

/** A chord of three in which one failed, each of them with one task after it, and the chord's body. */
const ITEMS = [
  task('r', null, 'order'),
  task('p1', 'r', 'pack'),
  task('p2', 'r', 'pack', 'FAILURE'),
  task('p3', 'r', 'pack'),
  task('b', 'r', 'bill'),
  task('s1', 'p1', 'ship'),
  task('s3', 'p3', 'ship', 'STARTED'),
];

function graph(grouped: boolean, opened: readonly string[] = [], items = ITEMS): Graph {
  return graphOf(items, forestOf(items), { grouped, opened: new Set(opened) });
}

const ids = ({ nodes }: Graph) => nodes.map(({ id }) => id);

describe('a graph', () => {
  it('has a node for each task', () =>
    expect(ids(graph(false)).sort()).toEqual(ITEMS.map(({ uuid }) => uuid).sort()));

  it('grouped by name has one node for siblings of one name, and for what came from them', () => {
    const { nodes, parents } = graph(true);
    expect(ids(graph(true))).toEqual(['r', 'r/pack', 'b', 'r/pack/ship']);
    expect(nodes[1]?.tally).toEqual(
      new Map([
        ['success', 2],
        ['failure', 1],
      ]),
    );
    expect(parents).toEqual([-1, 0, 0, 1]);
  });

  it('does not group tasks of one name that came from different ones', () => {
    const items = [
      task('r', null, 'order'),
      task('a', 'r', 'a'),
      task('b', 'r', 'b'),
      task('x', 'a', 'same'),
      task('y', 'b', 'same'),
    ];
    expect(ids(graph(true, [], items))).toEqual(['r', 'a', 'b', 'x', 'y']);
  });

  it('has each task of a group that was opened', () =>
    expect(ids(graph(true, ['r/pack']))).toEqual(['r', 'p1', 'p2', 'p3', 'b', 's1', 's3']));

  it('keeps the ids of groups while tasks come to them', () => {
    const more = [...ITEMS, task('p4', 'r', 'pack', 'PENDING')];
    expect(ids(graph(true, [], more))).toEqual(ids(graph(true)));
  });

  it('finds a task in its group', () => {
    expect(nodeOfTask(graph(true), ITEMS, 's3')).toBe(3);
    expect(nodeOfTask(graph(true), ITEMS, 'unknown')).toBe(-1);
  });
});

describe('the failed path', () => {
  it('is what failed and all that it came from', () => {
    const { failed, path } = failedPath(graph(false));
    expect(failed.map((number) => ids(graph(false))[number])).toEqual(['p2']);
    expect([...path].map((number) => ids(graph(false))[number]).sort()).toEqual(['p2', 'r']);
  });

  it('goes through groups', () => {
    const { failed, path } = failedPath(graph(true));
    expect([failed, [...path].sort()]).toEqual([[1], [0, 1]]);
  });

  it('has a task that was found to be lost', () => {
    const items = [task('r', null, 'order'), { ...task('a', 'r', 'pack', 'STARTED'), verdict: 'lost' }];
    expect(failedPath(graph(false, [], items)).failed).toEqual([1]);
  });

  it('is empty where nothing failed', () =>
    expect(failedPath(graph(false, [], [task('r', null, 'order')]))).toEqual({
      failed: [],
      path: new Set(),
    }));
});
