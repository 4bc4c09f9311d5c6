import { type KeyboardEvent as ReactKeyboardEvent, type RefObject, useState } from 'react';
import { useShortcuts } from '../app/shortcuts';
import type { Rows } from './table';

interface TableKeys {
  /** Ids of the rows, in their order. */
  readonly order: Rows<string>;
  /** The first row that can be seen. */
  readonly firstVisible: () => number;
  readonly show: (index: number) => void;
  readonly mark: (id: string, range: boolean) => void;
  readonly open: (index: number) => void;
  /** The row that is shown beside the table: it becomes the active one, and Escape closes it before it leaves the row. */
  readonly previewed: string | undefined;
  readonly onMove: (id: string) => void;
  readonly grid: RefObject<HTMLElement | null>;
}

function busy(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('a, button, input') !== null;
}

/** j and k (and the arrows, in the table) move the active row; x marks it, with shift from the last one; Enter opens. */
export function useTableKeys(props: TableKeys) {
  const { order, firstVisible, show, mark, open, previewed, onMove, grid } = props;
  const [active, setActive] = useState<string | null>(previewed ?? null);
  const [known, setKnown] = useState(previewed);
  if (known !== previewed) {
    setKnown(previewed);
    if (previewed !== undefined) setActive(previewed);
  }
  const activeIndex = active === null ? -1 : order.findIndex((id) => id === active);

  const move = (step: 1 | -1) => {
    const wanted = activeIndex < 0 ? firstVisible() : activeIndex + step;
    const index = Math.min(order.length - 1, Math.max(0, wanted));
    const id = order.at(index);
    if (id === undefined) return;
    setActive(id);
    show(index);
    onMove(id);
  };
  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    x: () => active !== null && mark(active, false),
    X: () => active !== null && mark(active, true),
    Enter: (event) => activeIndex >= 0 && !busy(event.target) && open(activeIndex),
    Escape: () => previewed === undefined && setActive(null),
  });
  const onKeyDown = (event: ReactKeyboardEvent) => {
    if (event.target !== grid.current || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
    event.preventDefault();
    move(event.key === 'ArrowDown' ? 1 : -1);
  };
  return { active, activeIndex, setActive, onKeyDown };
}
