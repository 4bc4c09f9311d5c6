import { useLocation } from '@tanstack/react-router';
import { ChevronLeft, ChevronRight, PanelLeftClose, PanelLeftOpen } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useServices } from '../app/services';
import { hiddenEnds, type Scrolled } from './hiddenEnds';
import './Rail.css';

/** The part of its width by which a press on an end moves the row: something of what was seen stays in sight. */
const STEP = 0.7;

/**
 * The pages. Where they stand in a row that is too long for the screen, it is scrolled to the page that is open, and
 * fades at the ends where there are more.
 */
export function Rail({ children }: { readonly children: ReactNode }) {
  const row = useRef<HTMLDivElement>(null);
  const page = useLocation({ select: ({ pathname }) => pathname });
  const [more, setMore] = useState<Scrolled>({ start: false, end: false });
  const look = () => row.current && setMore(hiddenEnds(row.current));
  const step = (way: 1 | -1) => row.current?.scrollBy({ left: way * STEP * row.current.clientWidth });
  useEffect(() => {
    const pages = row.current;
    if (pages === null) return;
    const show = () => {
      pages
        .querySelector('[aria-current]')
        ?.scrollIntoView({ behavior: 'instant', block: 'nearest', inline: 'nearest' });
      setMore(hiddenEnds(pages));
    };
    // It tells of the size at once, and again when the screen is turned.
    const observer = new ResizeObserver(show);
    observer.observe(pages);
    return () => observer.disconnect();
  }, [page]);
  return (
    <nav className="rail" aria-label="Pages">
      <div
        ref={row}
        className="rail-pages"
        data-start={more.start ? '' : undefined}
        data-end={more.end ? '' : undefined}
        onScroll={look}
      >
        {children}
      </div>
      <Fold />
      {more.start && <End side="start" onPress={() => step(-1)} />}
      {more.end && <End side="end" onPress={() => step(1)} />}
    </nav>
  );
}

/** Takes the words away, and gives them back; each link keeps them for who hears it. */
function Fold() {
  const { rail } = useServices().preferences;
  const words = useSyncExternalStore(rail.subscribe, rail.get) === 'words';
  const Shape = words ? PanelLeftClose : PanelLeftOpen;
  return (
    <button
      type="button"
      className="rail-fold"
      aria-expanded={words}
      aria-label="Words beside the icons"
      title={words ? 'Icons only' : 'Icons and words'}
      onClick={() => rail.set(words ? 'icons' : 'words')}
    >
      <Shape size={16} aria-hidden="true" />
    </button>
  );
}

/** For a mouse alone: fingers swipe, and the keyboard's way to each page is its link, which comes into sight with the focus. */
function End({ side, onPress }: { readonly side: 'start' | 'end'; readonly onPress: () => void }) {
  const Shape = side === 'start' ? ChevronLeft : ChevronRight;
  return (
    <button
      type="button"
      className="rail-end"
      data-side={side}
      tabIndex={-1}
      aria-hidden
      // What nobody hears of must not have the focus.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPress}
    >
      <Shape size={16} />
    </button>
  );
}
