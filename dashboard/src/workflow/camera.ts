import type { Size } from '../app/canvas';
import type { Box } from './layout';
import type { View } from './paint';
import { fitted, MOST } from './zooming';

/** The part of a graph that is in view, by the graph's own measure: others see it too, however large their page is. */
export function partOf({ k, left, top }: View, { width, height }: Size): Box {
  return { x: -left / k, y: -top / k, width: width / k, height: height / k };
}

/** All of a part, as large as it goes. */
export function viewOf(part: Box, size: Size): View {
  return fitted(part, size, 0, MOST);
}

/** A part as the URL has it: left, top, width and height in whole units, as `-40.120.900.500`. */
export function partText({ x, y, width, height }: Box): string {
  return [x, y, width, height].map(Math.round).join('.');
}

/** The part that a URL wants; null: none, or what is not understood. */
export function partFrom(text: string | undefined): Box | null {
  const found = /^(-?\d{1,9})\.(-?\d{1,9})\.(\d{1,9})\.(\d{1,9})$/.exec(text ?? '');
  const [x = 0, y = 0, width = 0, height = 0] = (found ?? []).slice(1).map(Number);
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}
