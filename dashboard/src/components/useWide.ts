import { useSyncExternalStore } from 'react';

const QUERY = '(min-width: 720px)';

function subscribe(watcher: () => void): () => void {
  const media = window.matchMedia(QUERY);
  media.addEventListener('change', watcher);
  return () => media.removeEventListener('change', watcher);
}

/** Whether there is room for all columns; the same width as in the style sheets. */
export function useWide(): boolean {
  return useSyncExternalStore(subscribe, () => window.matchMedia(QUERY).matches);
}
