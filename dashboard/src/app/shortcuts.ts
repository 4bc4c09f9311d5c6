import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import { useServices } from './services';

export type Keys = Readonly<Record<string, (event: KeyboardEvent) => void>>;

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('input:not([type=checkbox]), textarea, select');
}

/** A dialog, menu or list that is open has the keys for itself. */
function covered(): boolean {
  return document.querySelector('dialog[open], [role=dialog], [role=menu], [role=listbox]') !== null;
}

/** Single keys for the whole page; not while somebody types, holds a modifier or has switched them off. */
export function useShortcuts(keys: Keys): void {
  const { shortcuts } = useServices().preferences;
  const enabled = useSyncExternalStore(shortcuts.subscribe, shortcuts.get) === 'on';
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing(event.target) || covered()) return;
    keys[event.key]?.(event);
  });
  useEffect(() => {
    if (!enabled) return;
    const listen = (event: KeyboardEvent) => onKey(event);
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [enabled]);
}
