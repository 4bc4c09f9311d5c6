import { type KeyboardEvent as ReactKeyboardEvent, type RefObject, useEffect, useEffectEvent } from 'react';
import { useShortcuts } from '../app/shortcuts';
import { type Preview, revealed } from './table';

interface PreviewKeys {
  readonly preview: Preview | undefined;
  /** The active row, if it is in the table. */
  readonly active: string | null;
  readonly activeIndex: number;
  readonly grid: RefObject<HTMLElement | null>;
  /** Where the preview is shown. */
  readonly side: RefObject<HTMLElement | null>;
}

function busy(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('a, button, input, .table-side') !== null;
}

/**
 * Space opens and closes the preview of the active row; Escape closes it; the arrows to the sides lead from the table
 * into it and back. The focus is in the table while it opens, so that the other arrows move on at once.
 */
export function usePreviewKeys({ preview, active, activeIndex, grid, side }: PreviewKeys) {
  const isOpen = preview?.id !== undefined;
  const toGrid = () => grid.current?.focus({ preventScroll: true });
  const toggle = (id: string) => {
    preview?.set(preview.id === id ? undefined : id);
    toGrid();
  };
  const onSpace = (event: Pick<Event, 'preventDefault'>) => {
    if (preview === undefined || active === null || activeIndex < 0) return;
    event.preventDefault();
    toggle(active);
  };
  const close = (event: Pick<Event, 'preventDefault'>) => {
    if (!isOpen) return;
    event.preventDefault();
    preview.set(undefined);
    toGrid();
  };
  useShortcuts({ ' ': (event) => !busy(event.target) && onSpace(event), Escape: close });
  useReveal(preview?.id, activeIndex, { grid, side });
  useReturn(isOpen, toGrid);

  // These are no single characters on the page: they work in the table also where shortcuts are off.
  const onKeyDown = (event: ReactKeyboardEvent) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (key === 'Escape') close(event);
    else if (key === ' ' && target === grid.current) onSpace(event);
    else if (key === 'ArrowRight' && target === grid.current && isOpen) {
      event.preventDefault();
      side.current?.focus();
    } else if (key === 'ArrowLeft' && target === side.current) toGrid();
  };
  return { toggle, onKeyDown };
}

/** A preview that opens below the table may take the room that its row stood in, and be out of sight itself. */
function useReveal(
  shown: string | undefined,
  index: number,
  { grid, side }: Pick<PreviewKeys, 'grid' | 'side'>,
): void {
  const reveal = useEffectEvent(() => {
    side.current?.scrollIntoView({ block: 'nearest' });
    if (index < 0 || grid.current === null) return;
    const top = revealed(index, grid.current.scrollTop, grid.current.clientHeight);
    if (top !== grid.current.scrollTop) grid.current.scrollTo({ top });
  });
  useEffect(() => {
    if (shown !== undefined) reveal();
  }, [shown]);
}

/** Who closed it by a button in it has lost the focus with it, and is led back to the table. */
function useReturn(isOpen: boolean, toGrid: () => void): void {
  const back = useEffectEvent(() => {
    if (document.activeElement === document.body) toGrid();
  });
  useEffect(() => (isOpen ? () => back() : undefined), [isOpen]);
}
