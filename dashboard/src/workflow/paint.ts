import type Flatbush from 'flatbush';
import { duration } from '../format/time';
import { compact } from '../format/number';
import type { Box, Layout } from './layout';
import { NODE } from './layout';
import { type Graph, type GraphNode, hasFailed } from './nodes';
import { LOOKS, type Tone, TONES } from './states';
import type { WorkflowTask } from './types';

/** All that a picture of a workflow shows. */
export interface Scene {
  readonly items: readonly WorkflowTask[];
  readonly graph: Graph;
  readonly layout: Layout;
  /** The nodes by where they are. */
  readonly index: Flatbush;
  /** Nodes that stand out while the others are dimmed; null: none is. */
  readonly path: ReadonlySet<number> | null;
  /** The node that is marked; -1: none. */
  readonly marked: number;
}

/** How much of the graph is seen: a point of it is drawn at `k * x + left`. */
export interface View {
  readonly k: number;
  readonly left: number;
  readonly top: number;
}

export interface Style {
  readonly colour: (token: string) => string;
  readonly font: string;
}

/** Magnifications from which on nodes have names (12 px become 7) and shapes (10 px become 4). */
const NAMED = 0.58;
const SHAPED = 0.4;
/** Pixels that a failed task has at least, however small the graph is drawn. */
const FAILED_SIZE = 5;
const DIMMED = 0.22;
/** Of a name; measuring each would take longer than drawing it. */
const CHARACTER = 6.4;
const LEFT_OF_NAME = 28;

type Pen = CanvasRenderingContext2D;

/** Draws what of a scene is in a rectangle of pixels. */
export function paint(
  pen: Pen,
  scene: Scene,
  view: View,
  size: Pick<Box, 'width' | 'height'>,
  style: Style,
): void {
  const { k, left, top } = view;
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, size.width, size.height);
  pen.setTransform(k, 0, 0, k, left, top);
  const seen: Box = { x: -left / k, y: -top / k, width: size.width / k, height: size.height / k };
  const nodes = scene.index.search(seen.x, seen.y, seen.x + seen.width, seen.y + seen.height);
  const line = Math.max(1, 0.6 / k);
  paintFrames(pen, scene, seen, line, style);
  paintLinks(pen, scene, seen, line, style);
  if (k >= NAMED) for (const node of nodes) paintCard(pen, scene, node, style);
  else paintBlocks(pen, scene, nodes, k, style);
  if (scene.marked >= 0) outline(pen, scene, scene.marked, line * 2, style);
}

function meets(seen: Box, left: number, top: number, right: number, bottom: number): boolean {
  return right >= seen.x && left <= seen.x + seen.width && bottom >= seen.y && top <= seen.y + seen.height;
}

function paintFrames(pen: Pen, { layout, path }: Scene, seen: Box, line: number, { colour }: Style): void {
  pen.globalAlpha = path === null ? 1 : 0.5;
  pen.lineWidth = line;
  pen.strokeStyle = colour('line-strong');
  pen.fillStyle = colour('surface-sunken');
  for (const { x, y, width, height } of layout.frames) {
    if (!meets(seen, x, y, x + width, y + height)) continue;
    pen.fillRect(x, y, width, height);
    pen.strokeRect(x, y, width, height);
  }
}

/** The lines first, then those of the path over them. */
function paintLinks(pen: Pen, scene: Scene, seen: Box, line: number, { colour }: Style): void {
  const { path } = scene;
  pen.lineWidth = line;
  pen.globalAlpha = path === null ? 1 : DIMMED;
  pen.strokeStyle = colour('line-strong');
  strokeLinks(pen, scene, seen, () => true);
  if (path === null) return;
  pen.globalAlpha = 1;
  pen.lineWidth = line * 2;
  pen.strokeStyle = colour('failure');
  strokeLinks(pen, scene, seen, (from, to) => path.has(from) && (to === null || path.has(to)));
}

/** `to` is null for the line to a frame. */
function strokeLinks(
  pen: Pen,
  scene: Scene,
  seen: Box,
  wanted: (from: number, to: number | null) => boolean,
): void {
  const { layout, graph } = scene;
  pen.beginPath();
  for (const [from, to] of layout.links)
    if (wanted(from, to)) link(pen, layout, from, layout.x[to] ?? 0, layout.y[to] ?? 0, seen);
  for (const { parent, x, y } of layout.frames) {
    const inPath =
      scene.path === null || (graph.children[parent] ?? []).some((child) => scene.path?.has(child));
    if (wanted(parent, null) && inPath) link(pen, layout, parent, x, y, seen);
  }
  pen.stroke();
}

/** From the right of a node to the left of a place; in a folded chain back to the start of the next line. */
function link(pen: Pen, layout: Layout, from: number, x: number, y: number, seen: Box): void {
  const right = (layout.x[from] ?? 0) + NODE.width;
  const [start, end] = [(layout.y[from] ?? 0) + NODE.height / 2, y + NODE.height / 2];
  if (
    !meets(seen, Math.min(x - 12, right), Math.min(start, end), Math.max(x, right + 12), Math.max(start, end))
  )
    return;
  pen.moveTo(right, start);
  if (x > right) {
    const middle = right + Math.min(22, (x - right) / 2);
    pen.lineTo(middle, start);
    pen.lineTo(middle, end);
  } else {
    const between = (start + end) / 2;
    pen.lineTo(right + 12, start);
    pen.lineTo(right + 12, between);
    pen.lineTo(x - 12, between);
    pen.lineTo(x - 12, end);
  }
  pen.lineTo(x, end);
}

/** Too small to read: a colour, and a shape while there is room for it. Those that failed last, and never too small. */
function paintBlocks(pen: Pen, scene: Scene, nodes: readonly number[], k: number, style: Style): void {
  const { graph, path, layout } = scene;
  const loud = (number: number) => hasFailed(graph.nodes[number] as GraphNode);
  const shapes = k >= SHAPED ? shapesOf(style) : null;
  const quiet = nodes.filter((number) => !loud(number));
  pen.strokeStyle = style.colour('text');
  pen.lineWidth = 1.5 / k;
  for (const number of [...quiet, ...nodes.filter(loud)]) {
    const node = graph.nodes[number];
    if (node === undefined) continue;
    pen.globalAlpha = path === null || path.has(number) ? 1 : DIMMED;
    const least = loud(number) ? FAILED_SIZE / k : 0;
    const [width, height] = [Math.max(NODE.width, least), Math.max(NODE.height, least)];
    const [x, y] = [layout.x[number] ?? 0, layout.y[number] ?? 0];
    bar(pen, node, x, y, width, height, style);
    // A shape for those who don't see red: too small for a cross, it has an edge.
    if (least > 0 && shapes === null) pen.strokeRect(x, y, width, height);
    if (shapes !== null) shape(pen, shapes(toneOf(node), 'surface'), layout, number);
  }
}

/** One colour for a task; for a group as much of each as there is of it. */
function bar(
  pen: Pen,
  { tally, tasks }: GraphNode,
  x: number,
  y: number,
  width: number,
  height: number,
  { colour }: Style,
): void {
  let from = x;
  for (const tone of tally.size > 1 ? TONES : tally.keys()) {
    const part = ((tally.get(tone) ?? 0) / tasks.length) * width;
    if (part === 0) continue;
    pen.fillStyle = colour(tone);
    pen.fillRect(from, y, part, height);
    from += part;
  }
}

function toneOf({ tally }: GraphNode): Tone {
  return TONES.find((tone) => tally.has(tone)) ?? 'pending';
}

interface Shape {
  readonly path: Path2D;
  readonly colour: string;
}

function shapesOf({ colour }: Style): (tone: Tone, token: string) => Shape {
  const paths = new Map<Tone, Path2D>();
  return (tone, token) => {
    const path = paths.get(tone) ?? new Path2D(LOOKS[tone].shape);
    paths.set(tone, path);
    return { path, colour: colour(token) };
  };
}

function shape(pen: Pen, { path, colour }: Shape, layout: Layout, number: number): void {
  pen.save();
  pen.translate((layout.x[number] ?? 0) + 7, (layout.y[number] ?? 0) + (NODE.height - 16) / 2);
  pen.fillStyle = colour;
  pen.fill(path);
  pen.restore();
}

/** Large enough to read: shape, name and how long it took; of a group how many, with a bar of their states. */
function paintCard(pen: Pen, scene: Scene, number: number, style: Style): void {
  const { graph, layout, path, items } = scene;
  const node = graph.nodes[number];
  if (node === undefined) return;
  const [x, y, { colour }] = [layout.x[number] ?? 0, layout.y[number] ?? 0, style];
  const tone = toneOf(node);
  pen.globalAlpha = path === null || path.has(number) ? 1 : DIMMED;
  pen.fillStyle = colour('surface-raised');
  pen.strokeStyle = colour(hasFailed(node) ? tone : 'line-strong');
  pen.lineWidth = hasFailed(node) ? 2 : 1;
  pen.beginPath();
  pen.roundRect(x, y, NODE.width, NODE.height, 5);
  pen.fill();
  pen.stroke();
  if (node.tasks.length > 1) bar(pen, node, x + 1, y + NODE.height - 4, NODE.width - 2, 3, style);
  shape(pen, shapesOf(style)(tone, tone), layout, number);
  words(pen, node.name ?? 'Name not seen', sideWord(node, items), x, y, style);
}

/** How many a group has; how long a task ran. */
function sideWord({ tasks }: GraphNode, items: readonly WorkflowTask[]): string {
  if (tasks.length > 1) return `× ${compact(tasks.length)}`;
  const runtime = items[tasks[0] ?? -1]?.runtime ?? null;
  return runtime === null ? '' : duration(runtime);
}

/** A name is told from others by its end, so its modules are cut off, and of the rest the beginning. */
export function cutName(name: string, characters: number): string {
  let rest = name;
  for (let dot = rest.indexOf('.'); rest.length > characters && dot >= 0; dot = rest.indexOf('.'))
    rest = rest.slice(dot + 1);
  const points = Array.from(rest);
  return points.length <= characters ? rest : `…${points.slice(1 - characters).join('')}`;
}

function words(pen: Pen, name: string, side: string, x: number, y: number, { colour, font }: Style): void {
  pen.font = font;
  pen.textBaseline = 'middle';
  const middle = y + NODE.height / 2 - 1;
  const room = NODE.width - LEFT_OF_NAME - 8 - (side === '' ? 0 : side.length * CHARACTER + 10);
  pen.fillStyle = colour('text');
  pen.textAlign = 'left';
  // The last argument squeezes what is wider than its characters usually are.
  pen.fillText(cutName(name, Math.floor(room / CHARACTER)), x + LEFT_OF_NAME, middle, room);
  pen.fillStyle = colour('text-soft');
  pen.textAlign = 'right';
  pen.fillText(side, x + NODE.width - 8, middle);
}

function outline(pen: Pen, { layout }: Scene, number: number, width: number, { colour }: Style): void {
  pen.globalAlpha = 1;
  pen.strokeStyle = colour('text');
  pen.lineWidth = width;
  const gap = width * 1.5;
  pen.strokeRect(
    (layout.x[number] ?? 0) - gap,
    (layout.y[number] ?? 0) - gap,
    NODE.width + 2 * gap,
    NODE.height + 2 * gap,
  );
}
