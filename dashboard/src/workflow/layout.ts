/**
 * Where each task of a workflow stands. Ours, though libraries lay out trees (d3-hierarchy) and graphs (dagre, ELK): here a
 * fan-out of thousands stands in a frame of columns, a long chain is folded like a text, and all is placed anew whenever a
 * task comes. None of them has either, and without them a chord of 10,000 is a line that nobody can look at. What libraries
 * do of the graph they do: d3-zoom its camera, Flatbush what is in sight and under the pointer.
 */
import { type Forest, topDown } from './forest';

/** Sizes in the units of the graph: pixels while it is not zoomed. */
export const NODE = { width: 208, height: 30 } as const;
/** Between a node and those that came from it: room for the lines. */
const ACROSS = 44;
const BELOW = 8;
/** Between columns of siblings. */
const ASIDE = 16;
/** Within a frame. */
const PADDING = 10;
/** Between the lines of a folded chain: room for the way back. */
const FOLD_BELOW = 22;

/** Siblings from which on they stand in columns in a frame, with one line to all of them. */
const FRAMED_FROM = 7;
/** Tasks of a chain from which on it is folded like a text. */
const FOLDED_FROM = 25;
/** Width to height that frames and folded chains get near to. */
const SHAPE = 1.8;

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Many siblings; all came from `parent`. */
export interface Frame extends Box {
  readonly parent: number;
}

export interface Layout {
  /** Top left corner of each node. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Outer frames before those in them. */
  readonly frames: readonly Frame[];
  /** From parent to child, where no frame stands for it. */
  readonly links: readonly (readonly [number, number])[];
  readonly width: number;
  readonly height: number;
}

/** Where subtrees stand beside each other, from the corner of them all. */
interface Packed {
  readonly offsets: readonly (readonly [number, number])[];
  readonly width: number;
  readonly height: number;
  readonly framed: boolean;
}

/** A run of nodes of which each led to the next alone, and what the last of them led to. */
interface Run {
  readonly nodes: readonly number[];
  /** Nodes in a line of it. */
  readonly line: number;
  readonly width: number;
  readonly next: Packed;
  readonly total: { readonly width: number; readonly height: number };
}

/**
 * Places the nodes of a forest from left to right, in time that grows with their number. Each subtree has a
 * rectangle of its own with its first node at the top left, so what comes later goes below or to the right: only
 * what stands there moves.
 */
export function layoutOf(forest: Forest): Layout {
  const runs = runsOf(forest);
  const whole = pack(forest.roots.map((root) => sizeOf(runs, root)));
  const placed = new Placed(forest, runs);
  placed.all(forest.roots, whole, 0, 0, -1);
  const { x, y, frames, links } = placed;
  return { x, y, frames, links, width: whole.width, height: whole.height };
}

/** The runs by their first nodes; those of a node's children are made before its own. */
function runsOf(forest: Forest): ReadonlyMap<number, Run> {
  const runs = new Map<number, Run>();
  for (const first of topDown(forest).toReversed()) {
    const siblings = forest.children[forest.parents[first] ?? -1];
    if (siblings?.length === 1) continue;
    const nodes = chainFrom(forest, first);
    const next = pack((forest.children[nodes.at(-1) ?? -1] ?? []).map((child) => sizeOf(runs, child)));
    runs.set(first, runOf(nodes, next));
  }
  return runs;
}

function chainFrom({ children }: Forest, first: number): readonly number[] {
  const nodes = [first];
  for (let next = children[first]; next?.length === 1; next = children[next[0] ?? -1])
    nodes.push(next[0] ?? -1);
  return nodes;
}

function runOf(nodes: readonly number[], next: Packed): Run {
  const step = NODE.width + ACROSS;
  const fold = Math.sqrt((nodes.length * SHAPE * (NODE.height + FOLD_BELOW)) / step);
  const line = nodes.length < FOLDED_FROM ? nodes.length : Math.max(FOLDED_FROM, Math.ceil(fold));
  const lines = Math.ceil(nodes.length / line);
  const width = line * step - ACROSS;
  const height = lines * (NODE.height + FOLD_BELOW) - FOLD_BELOW;
  const total = {
    width: width + (next.width > 0 ? ACROSS + next.width : 0),
    height: Math.max(height, next.height),
  };
  return { nodes, line, width, next, total };
}

function sizeOf(
  runs: ReadonlyMap<number, Run>,
  first: number,
): { readonly width: number; readonly height: number } {
  return runs.get(first)?.total ?? NODE;
}

/** Puts rectangles below each other; many of them into columns, filled one after the other. */
export function pack(sizes: readonly { readonly width: number; readonly height: number }[]): Packed {
  const framed = sizes.length >= FRAMED_FROM;
  const edge = framed ? PADDING : 0;
  const tallest = framed ? columnHeight(sizes) : Infinity;
  const offsets: [number, number][] = [];
  let [x, y, column, height] = [edge, edge, 0, 0];
  for (const size of sizes) {
    if (y > edge && y - edge + size.height > tallest) [x, y, column] = [x + column + ASIDE, edge, 0];
    offsets.push([x, y]);
    column = Math.max(column, size.width);
    y += size.height + BELOW;
    height = Math.max(height, y - BELOW);
  }
  if (sizes.length === 0) return { offsets, width: 0, height: 0, framed };
  return { offsets, width: x + column + edge, height: height + edge, framed };
}

/** Of a power of two of an area: while siblings come, they are put into other columns seldom. */
function columnHeight(sizes: readonly { readonly width: number; readonly height: number }[]): number {
  const area = sizes.reduce((sum, { width, height }) => sum + (width + ASIDE) * (height + BELOW), 0);
  const highest = sizes.reduce((most, { height }) => Math.max(most, height), 0);
  return Math.max(highest, Math.sqrt(2 ** Math.ceil(Math.log2(area)) / SHAPE));
}

class Placed {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly frames: Frame[] = [];
  readonly links: (readonly [number, number])[] = [];
  readonly #forest: Forest;
  readonly #runs: ReadonlyMap<number, Run>;

  constructor(forest: Forest, runs: ReadonlyMap<number, Run>) {
    this.x = new Float64Array(forest.parents.length);
    this.y = new Float64Array(forest.parents.length);
    this.#forest = forest;
    this.#runs = runs;
  }

  /** Siblings, and all that came from them. Not by recursion: a chain of chords can be ten thousand deep. */
  all(firsts: readonly number[], packed: Packed, left: number, top: number, parent: number): void {
    const todo = [{ firsts, packed, left, top, parent }];
    for (let now = todo.pop(); now !== undefined; now = todo.pop()) {
      this.#connect(now.firsts, now.packed, now.left, now.top, now.parent);
      now.firsts.forEach((first, place) => {
        const run = this.#runs.get(first);
        const [dx, dy] = now.packed.offsets[place] ?? [0, 0];
        if (run === undefined) return;
        const [x, y, last] = [now.left + dx, now.top + dy, run.nodes.at(-1) ?? -1];
        this.#chain(run, x, y);
        const next = this.#forest.children[last] ?? [];
        if (next.length > 0)
          todo.push({ firsts: next, packed: run.next, left: x + run.width + ACROSS, top: y, parent: last });
      });
    }
  }

  #connect(firsts: readonly number[], packed: Packed, x: number, y: number, parent: number): void {
    if (parent < 0) return;
    if (packed.framed) this.frames.push({ x, y, width: packed.width, height: packed.height, parent });
    else for (const first of firsts) this.links.push([parent, first]);
  }

  #chain({ nodes, line }: Run, left: number, top: number): void {
    nodes.forEach((node, place) => {
      this.x[node] = left + (place % line) * (NODE.width + ACROSS);
      this.y[node] = top + Math.floor(place / line) * (NODE.height + FOLD_BELOW);
      if (place > 0) this.links.push([nodes[place - 1] ?? -1, node]);
    });
  }
}

/** The rectangle around some nodes; all of the graph where there are none. */
export function around(layout: Layout, nodes: Iterable<number>): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const node of nodes) {
    const [x, y] = [layout.x[node] ?? 0, layout.y[node] ?? 0];
    [left, top] = [Math.min(left, x), Math.min(top, y)];
    [right, bottom] = [Math.max(right, x + NODE.width), Math.max(bottom, y + NODE.height)];
  }
  if (left === Infinity) return { x: 0, y: 0, width: layout.width, height: layout.height };
  return { x: left, y: top, width: right - left, height: bottom - top };
}
