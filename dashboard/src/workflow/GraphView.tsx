import { type Ref, useEffect, useEffectEvent, useImperativeHandle, useRef, useState } from 'react';
import { colourOf, type Size, useSize, useTheme } from '../app/canvas';
import { duration } from '../format/time';
import { exact } from '../format/number';
import { partOf, viewOf } from './camera';
import { around, type Box, NODE } from './layout';
import { failedPath, type GraphNode } from './nodes';
import type { Scene, View } from './paint';
import { Stage } from './stage';
import { LOOKS, TONES, wordOfTask } from './states';
import type { WorkflowTask } from './types';
import { fitted, Zooming } from './zooming';

/** Under this names can't be read: what is to be looked at is not shown smaller, but in part. */
const READABLE = 0.6;

/** What the page around the graph can make it show. */
export interface GraphControls {
  fit(): void;
  zoom(direction: 1 | -1): void;
  /** All of these nodes if they can be read then, else (and with null) the first of those in `rather`. */
  centre(nodes: Iterable<number> | null, rather: readonly number[]): void;
}

interface GraphProps {
  readonly scene: Scene;
  /** When it changes, all is fitted in anew: most stands elsewhere. */
  readonly arrangement: string;
  readonly label: string;
  readonly stale: boolean;
  /** The part that is in view first; null: that which is worth it most. */
  readonly at: Box | null;
  /** Told of the part in view when somebody has changed it. */
  readonly onMoved: (part: Box) => void;
  readonly onOpen: (node: GraphNode) => void;
  readonly controls: Ref<GraphControls>;
}

/** The picture of a workflow. All that it says is in words in the table that stands with it. */
export function GraphView(props: GraphProps) {
  const { scene, arrangement, label, stale, at, onMoved, onOpen, controls } = props;
  const place = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const parts = useRef<{ readonly stage: Stage; readonly zooming: Zooming } | null>(null);
  const view = useRef<View>({ k: 1, left: 0, top: 0 });
  const size = useSize(place);
  const theme = useTheme();
  const [hint, setHint] = useState<Hinted | null>(null);
  const whole: Box = { x: 0, y: 0, width: scene.layout.width, height: scene.layout.height };
  const show = (wanted: View) => parts.current?.zooming.to(wanted);
  const moved = useEffectEvent((rested: View) => onMoved(partOf(rested, size)));
  const nodeAt = (event: React.PointerEvent | React.MouseEvent) => hit(scene, view.current, event);

  useEffect(() => {
    if (canvas.current === null) return;
    const stage = new Stage(canvas.current);
    const zooming = new Zooming(canvas.current, {
      onView: (next, byHand) => {
        view.current = next;
        stage.move(next);
        if (byHand) setHint(null);
      },
      onRest: (rested) => moved(rested),
    });
    parts.current = { stage, zooming };
    return () => {
      zooming.close();
      stage.close();
      parts.current = null;
    };
  }, []);
  useEffect(() => {
    if (place.current === null || size.width === 0) return;
    const style = {
      colour: colourOf(place.current),
      font: `12px ${getComputedStyle(place.current).fontFamily}`,
    };
    parts.current?.zooming.bound(
      { x: 0, y: 0, width: scene.layout.width, height: scene.layout.height },
      size,
    );
    parts.current?.stage.show(scene, style, size);
  }, [scene, size.width, size.height, theme]); // eslint-disable-line react-hooks/exhaustive-deps -- `size` is made anew each time
  useLooks(size, arrangement, (first) => {
    if (first) parts.current?.zooming.from(firstLook(scene, whole, size, at));
    else show(fitted(whole, size));
  });
  useImperativeHandle(controls, () => ({
    fit: () => show(fitted(whole, size)),
    zoom: (direction) => parts.current?.zooming.by(direction),
    centre: (nodes, rather) => show(looked(scene, nodes, rather, size)),
  }));
  const point = (event: React.PointerEvent) => {
    if (event.buttons !== 0) return;
    const number = nodeAt(event);
    setHint((before) =>
      before?.number === number
        ? before
        : number < 0
          ? null
          : { number, at: corner(scene, number, view.current, size) },
    );
  };
  const node = hint === null ? undefined : scene.graph.nodes[hint.number];

  return (
    <div
      ref={place}
      className="workflow-graph"
      data-stale={stale ? '' : undefined}
      role="img"
      aria-label={label}
    >
      <canvas
        ref={canvas}
        aria-hidden="true"
        data-pointed={node === undefined ? undefined : ''}
        onPointerMove={point}
        onPointerLeave={() => setHint(null)}
        onClick={(event) => {
          const clicked = scene.graph.nodes[nodeAt(event)];
          if (clicked !== undefined) onOpen(clicked);
        }}
      />
      {hint !== null && node !== undefined && <Hint node={node} items={scene.items} at={hint.at} />}
    </div>
  );
}

/** First when the size of the picture is known, then when it is arranged anew: nothing else moves by itself. */
function useLooks(size: Size, arrangement: string, look: (first: boolean) => void): void {
  const looked = useRef<string | null>(null);
  const now = useEffectEvent(look);
  useEffect(() => {
    if (looked.current === arrangement || size.width === 0 || size.height === 0) return;
    now(looked.current === null);
    looked.current = arrangement;
  }, [size.width, size.height, arrangement]);
}

/** The part that is wanted, if there is anything in it; else what is worth to be seen first. */
function firstLook(scene: Scene, whole: Box, size: Size, at: Box | null): View {
  if (at !== null && scene.index.search(at.x, at.y, at.x + at.width, at.y + at.height).length > 0)
    return viewOf(at, size);
  return worthiest(scene, whole, size);
}

/** All of it; where that is too small to read and one task is marked, the surroundings of that one. */
function worthiest(scene: Scene, whole: Box, size: Size): View {
  const all = fitted(whole, size);
  if (scene.path !== null && scene.marked < 0)
    return looked(scene, scene.path, failedPath(scene.graph).failed, size);
  return all.k >= READABLE || scene.marked < 0 ? all : close(scene, scene.marked, size);
}

function looked(scene: Scene, nodes: Iterable<number> | null, rather: readonly number[], size: Size): View {
  const [first] = rather;
  const all = nodes === null ? null : fitted(around(scene.layout, nodes), size);
  if (all !== null && (all.k >= READABLE || first === undefined)) return all;
  return close(scene, first ?? 0, size);
}

function close({ layout }: Scene, node: number, size: Size): View {
  const box = around(layout, [node]);
  return {
    k: 1,
    left: size.width / 2 - box.x - NODE.width / 2,
    top: size.height / 2 - box.y - NODE.height / 2,
  };
}

function hit({ index }: Scene, { k, left, top }: View, event: React.MouseEvent): number {
  const edges = event.currentTarget.getBoundingClientRect();
  const [x, y] = [(event.clientX - edges.left - left) / k, (event.clientY - edges.top - top) / k];
  return index.search(x, y, x, y)[0] ?? -1;
}

/** Below the node, within the picture. */
function corner({ layout }: Scene, node: number, { k, left, top }: View, size: Size) {
  const x = (layout.x[node] ?? 0) * k + left;
  const y = ((layout.y[node] ?? 0) + NODE.height) * k + top + 6;
  return { left: Math.max(4, Math.min(x, size.width - 268)), top: Math.min(y, size.height - 76) };
}

/** What is pointed at, and where the words to it stand. */
interface Hinted {
  readonly number: number;
  readonly at: { readonly left: number; readonly top: number };
}

interface HintProps {
  readonly node: GraphNode;
  readonly items: readonly WorkflowTask[];
  readonly at: Hinted['at'];
}

/** What is under the pointer; the table has the same for all. */
function Hint({ node, items, at }: HintProps) {
  const task = node.tasks.length === 1 ? items[node.tasks[0] ?? -1] : undefined;
  return (
    <div className="workflow-hint" style={at} aria-hidden="true">
      <b dir="auto">{node.name ?? 'Name not seen'}</b>
      {task === undefined ? (
        <span>
          {TONES.filter((tone) => node.tally.has(tone))
            .map((tone) => `${exact(node.tally.get(tone))} ${LOOKS[tone].word}`)
            .join(', ')}
        </span>
      ) : (
        <span>
          {[wordOfTask(task), task.runtime === null ? null : duration(task.runtime), task.worker]
            .filter(Boolean)
            .join(' · ')}
        </span>
      )}
      <span className="soft">{task === undefined ? 'Click: show each of them' : 'Click: open the task'}</span>
    </div>
  );
}
