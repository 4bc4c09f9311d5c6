import { select } from 'd3-selection';
import { zoom, zoomIdentity, type D3ZoomEvent, type ZoomBehavior, type ZoomTransform } from 'd3-zoom';
import type { Size } from '../app/canvas';
import type { Box } from './layout';
import type { View } from './paint';

/** Magnifications: names are 12 px at 1. */
export const MOST = 2.5;
const STEP = 1.5;
/** Pixels around what is fitted in. */
const EDGE = 16;
/** Milliseconds without a movement after which a view is where it was meant to be: browsers limit writes to the URL. */
const STILL = 300;

/** Shows all of a rectangle, and no larger than `most`: by default than it is. */
export function fitted({ x, y, width, height }: Box, size: Size, edge = EDGE, most = 1): View {
  const room = { width: Math.max(1, size.width - 2 * edge), height: Math.max(1, size.height - 2 * edge) };
  const k = Math.min(most, room.width / Math.max(1, width), room.height / Math.max(1, height));
  return {
    k,
    left: (size.width - width * k) / 2 - x * k,
    top: (size.height - height * k) / 2 - y * k,
  };
}

interface Listener {
  readonly onView: (view: View, byHand: boolean) => void;
  /** Told of the last of the views once no other comes. */
  readonly onRest: (view: View) => void;
}

/** The wheel, fingers and the mouse on a canvas, as views of what is on it. Moves nothing by itself. */
export class Zooming {
  readonly #canvas: HTMLCanvasElement;
  readonly #behavior: ZoomBehavior<HTMLCanvasElement, unknown>;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(canvas: HTMLCanvasElement, { onView, onRest }: Listener) {
    this.#canvas = canvas;
    this.#behavior = zoom<HTMLCanvasElement, unknown>().on(
      'zoom',
      ({ transform, sourceEvent }: D3ZoomEvent<HTMLCanvasElement, unknown>) => {
        const view = viewOf(transform);
        onView(view, sourceEvent !== null);
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => onRest(view), STILL);
      },
    );
    // A second click opens what is there; it is no wish to see it larger.
    select(canvas).call(this.#behavior).on('dblclick.zoom', null);
  }

  /** How far it can be made smaller: half of what shows all of it. */
  bound(whole: Box, size: Size): void {
    this.#behavior.scaleExtent([fitted(whole, size).k / 2, MOST]);
  }

  /** Begins with a view that nobody chose: it is not told once it rests. */
  from(view: View): void {
    this.to(view);
    clearTimeout(this.#timer);
  }

  to({ k, left, top }: View): void {
    select(this.#canvas).call(
      (canvas, transform) => this.#behavior.transform(canvas, transform),
      zoomIdentity.translate(left, top).scale(k),
    );
  }

  by(direction: 1 | -1): void {
    select(this.#canvas).call((canvas, factor) => this.#behavior.scaleBy(canvas, factor), STEP ** direction);
  }

  close(): void {
    clearTimeout(this.#timer);
    select(this.#canvas).on('.zoom', null);
  }
}

function viewOf({ k, x, y }: ZoomTransform): View {
  return { k, left: x, top: y };
}
