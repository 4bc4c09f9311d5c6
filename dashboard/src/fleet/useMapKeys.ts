import type { RefObject } from 'react';
import { useShortcuts } from '../app/shortcuts';

const TILE = '[data-id]';

/** j and k move the focus from tile to tile, where Enter follows the link; x marks the tile that has it. */
export function useMapKeys(map: RefObject<HTMLElement | null>, mark: (id: string) => void): void {
  const focused = () => document.activeElement?.closest<HTMLElement>(TILE) ?? null;
  const move = (step: 1 | -1) => {
    const tiles = [...(map.current?.querySelectorAll<HTMLElement>(TILE) ?? [])];
    const at = tiles.findIndex((tile) => tile === focused());
    const next = tiles[Math.min(tiles.length - 1, Math.max(0, at + step))];
    next?.querySelector<HTMLElement>('a, input')?.focus();
  };
  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    x: () => {
      const id = focused()?.dataset['id'];
      if (id !== undefined) mark(id);
    },
  });
}
