import type { Size } from '../app/canvas';
import { paint, type Scene, type Style, type View } from './paint';

/** Pixels that the drawn picture goes beyond each edge of the canvas: room to move it. */
const MARGIN = 320;
/** A picture is drawn anew once it is magnified by more than this, or by less than one part of this. */
const STRETCH = 2;
/** Milliseconds: between two drawings while the graph is moved, and after its last movement. */
const BETWEEN = 250;
const SETTLED = 90;

/**
 * A canvas on which a graph is moved and magnified. While that goes on, the picture that was drawn last is moved and
 * stretched, which takes the same short time for ten nodes and for ten thousand; when it ends, it is drawn anew.
 */
export class Stage {
  readonly #canvas: HTMLCanvasElement;
  readonly #drawn = document.createElement('canvas');
  #scene: Scene | null = null;
  #style: Style | null = null;
  #size: Size = { width: 0, height: 0 };
  #view: View = { k: 1, left: 0, top: 0 };
  #of: View = { k: 1, left: 0, top: 0 };
  #drawnAt = -Infinity;
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
  }

  /** Shows a scene; the size is that of the canvas on the page, in its pixels. */
  show(scene: Scene, style: Style, size: Size): void {
    [this.#scene, this.#style, this.#size] = [scene, style, size];
    this.#drawnAt = -Infinity;
    this.#ask();
  }

  /** Shows it from elsewhere. */
  move(view: View): void {
    this.#view = view;
    this.#ask();
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
  }

  #ask(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#step());
  }

  #step(): void {
    const since = performance.now() - this.#drawnAt;
    if (since > BETWEEN && !this.#covers()) this.#draw();
    this.#copy();
    clearTimeout(this.#timer);
    if (!this.#sharp()) this.#timer = setTimeout(() => this.#settle(), SETTLED);
  }

  #settle(): void {
    this.#draw();
    this.#copy();
  }

  #draw(): void {
    if (this.#scene === null || this.#style === null) return;
    const ratio = window.devicePixelRatio;
    const { width, height } = this.#size;
    resize(this.#drawn, Math.ceil((width + 2 * MARGIN) * ratio), Math.ceil((height + 2 * MARGIN) * ratio));
    const { k, left, top } = this.#view;
    const view = {
      k: k * ratio,
      left: (left + MARGIN) * ratio,
      top: (top + MARGIN) * ratio,
    };
    const pen = this.#drawn.getContext('2d');
    if (pen !== null) paint(pen, this.#scene, view, this.#drawn, this.#style);
    this.#of = this.#view;
    this.#drawnAt = performance.now();
  }

  /** Where the drawn picture is on the canvas, in the page's pixels. */
  #place(): { readonly x: number; readonly y: number; readonly stretch: number } {
    const stretch = this.#view.k / this.#of.k;
    return {
      x: this.#view.left - (this.#of.left + MARGIN) * stretch,
      y: this.#view.top - (this.#of.top + MARGIN) * stretch,
      stretch,
    };
  }

  #sharp(): boolean {
    const { k, left, top } = this.#view;
    return this.#drawnAt > 0 && k === this.#of.k && left === this.#of.left && top === this.#of.top;
  }

  #covers(): boolean {
    const { x, y, stretch } = this.#place();
    const { width, height } = this.#size;
    const [right, bottom] = [x + (width + 2 * MARGIN) * stretch, y + (height + 2 * MARGIN) * stretch];
    const near = stretch <= STRETCH && stretch >= 1 / STRETCH;
    return this.#drawnAt > 0 && near && x <= 0 && y <= 0 && right >= width && bottom >= height;
  }

  #copy(): void {
    const ratio = window.devicePixelRatio;
    const { width, height } = this.#size;
    resize(this.#canvas, Math.ceil(width * ratio), Math.ceil(height * ratio));
    const pen = this.#canvas.getContext('2d');
    if (pen === null || this.#scene === null) return;
    const { x, y, stretch } = this.#place();
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    pen.drawImage(
      this.#drawn,
      x * ratio,
      y * ratio,
      this.#drawn.width * stretch,
      this.#drawn.height * stretch,
    );
  }
}

/** Setting it empties it, even to what it is. */
function resize(canvas: HTMLCanvasElement, width: number, height: number): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}
