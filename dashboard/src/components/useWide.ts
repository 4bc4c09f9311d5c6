import { useCallback, useSyncExternalStore } from 'react';

/** Pixels of a page that has room for all but the widest; the same as in the style sheets. */
const WIDE = 720;

/** Whether the page is at least so many pixels wide. */
export function useWide(least = WIDE): boolean {
  const query = `(min-width: ${least}px)`;
  const subscribe = useCallback(
    (watcher: () => void) => {
      const media = window.matchMedia(query);
      media.addEventListener('change', watcher);
      return () => media.removeEventListener('change', watcher);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}
