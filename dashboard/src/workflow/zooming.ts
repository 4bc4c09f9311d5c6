import { select } from 'd3-selection';
import { zoom, zoomIdentity, type D3ZoomEvent, type ZoomBehavior, type ZoomTransform } from 'd3-zoom';
import type { Size } from '../app/canvas';
import type { Box } from './layout';
import type { View } from './paint';

/** Magnifications: names are 12 px at 1. */
const MOST = 2.5;
const STEP = 1.5;
/** Pixels around what is fitted in. */
const EDGE = 16;

/** Shows all of a rectangle, and no larger than it is. */
export function fitted({ x, y, width, height }: Box, size: Size): View {
  const room = { width: Math.max(1, size.width - 2 * EDGE), height: Math.max(1, size.height - 2 * EDGE) };
  const k = Math.min(1, room.width / Math.max(1, width), room.height / Math.max(1, height));
  return {
    k,
    left: (size.width - width * k) / 2 - x * k,
    top: (size.height - height * k) / 2 - y * k,
  };
}

/** The wheel, fingers and the mouse on a canvas, as views of what is on it. Moves nothing by itself. */
export class Zooming {
  readonly #canvas: HTMLCanvasElement;
  readonly #behavior: ZoomBehavior<HTMLCanvasElement, unknown>;

  constructor(canvas: HTMLCanvasElement, onView: (view: View, byHand: boolean) => void) {
    this.#canvas = canvas;
    this.#behavior = zoom<HTMLCanvasElement, unknown>().on(
      'zoom',
      ({ transform, sourceEvent }: D3ZoomEvent<HTMLCanvasElement, unknown>) =>
        onView(viewOf(transform), sourceEvent !== null),
    );
    // A second click opens what is there; it is no wish to see it larger.
    select(canvas).call(this.#behavior).on('dblclick.zoom', null);
  }

  /** How far it can be made smaller: half of what shows all of it. */
  bound(whole: Box, size: Size): void {
    this.#behavior.scaleExtent([fitted(whole, size).k / 2, MOST]);
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
    select(this.#canvas).on('.zoom', null);
  }
}

function viewOf({ k, x, y }: ZoomTransform): View {
  return { k, left: x, top: y };
}
