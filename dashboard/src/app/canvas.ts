import { type RefObject, useEffect, useState, useSyncExternalStore } from 'react';
import { useServices } from './services';

/** What pictures on a canvas need of the page around them: canvases know neither its style sheets nor its sizes. */

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Whole pixels of an element; 0 until they are known. */
export function useSize(place: RefObject<HTMLElement | null>): Size {
  const [width, setWidth] = useState(0);
  const [height, setHeight] = useState(0);
  useEffect(() => {
    if (place.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      setWidth(Math.floor(entry?.contentRect.width ?? 0));
      setHeight(Math.floor(entry?.contentRect.height ?? 0));
    });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [place]);
  return { width, height };
}

const DARK = '(prefers-color-scheme: dark)';

function watchSystem(watcher: () => void): () => void {
  const media = window.matchMedia(DARK);
  media.addEventListener('change', watcher);
  return () => media.removeEventListener('change', watcher);
}

/** A text that changes when the colours do. */
export function useTheme(): string {
  const { theme } = useServices().preferences;
  const chosen = useSyncExternalStore(theme.subscribe, theme.get);
  const dark = useSyncExternalStore(watchSystem, () => window.matchMedia(DARK).matches);
  return `${chosen} ${String(dark)}`;
}

/**
 * A colour of styles/tokens.css as a canvas takes it: the browser is asked what each is here and now.
 *
 * By an element of its own, without transition: for who wants less motion every element has one of 1 ms, and what began
 * to change its colour still has the colour from before when it is asked at once.
 */
export function colourOf(element: HTMLElement): (token: string) => string {
  const known = new Map<string, string>();
  return (token) => {
    const found = known.get(token) ?? colourWithin(element, token);
    known.set(token, found);
    return found;
  };
}

function colourWithin(element: HTMLElement, token: string): string {
  const probe = document.createElement('span');
  probe.style.transitionProperty = 'none';
  probe.style.color = `var(--${token})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
