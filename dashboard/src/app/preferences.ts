import type { Zone } from '../format/time';
import { Store } from './store';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];
export const ZONES = ['local', 'utc'] as const;

/** What a person chose for this browser, in all its tabs; all else of a page is in its URL. */
export class Preferences {
  readonly theme: Store<Theme>;
  readonly zone: Store<Zone>;
  /** Whether single keys act (WCAG 2.1.4: there must be a way to switch them off). */
  readonly shortcuts: Store<'on' | 'off'>;
  /** Whether the times above the task list are shown; `auto`: where the page is wide. */
  readonly times: Store<'auto' | 'shown' | 'folded'>;
  /** Whether the rail of pages has its words. */
  readonly rail: Store<'words' | 'icons'>;
  /** Columns of the task list and their widths, as its URL has them; empty: the usual ones. */
  readonly columns: Store<string>;
  readonly widths: Store<string>;

  constructor(private readonly storage: Storage | null) {
    this.theme = this.kept('flower.theme', THEMES);
    this.zone = this.kept('flower.zone', ZONES);
    this.shortcuts = this.kept('flower.shortcuts', ['on', 'off'] as const);
    this.times = this.kept('flower.times', ['auto', 'shown', 'folded'] as const);
    this.rail = this.kept('flower.rail', ['words', 'icons'] as const);
    this.columns = this.stored('flower.columns', (text) => text ?? '');
    this.widths = this.stored('flower.widths', (text) => text ?? '');
    this.theme.subscribe(() => applyTheme(this.theme.get()));
  }

  private kept<Value extends string>(key: string, values: readonly [Value, ...Value[]]): Store<Value> {
    return this.stored(key, (text) => values.find((value) => value === text) ?? values[0]);
  }

  private stored<Value extends string>(key: string, read: (text: string | null) => Value): Store<Value> {
    const kept = () => read(this.storage?.getItem(key) ?? null);
    const store = new Store<Value>(kept());
    store.subscribe(() => this.storage?.setItem(key, store.get()));
    // Told to all pages but the one that wrote it; without a key when all of it was cleared.
    window.addEventListener('storage', (event) => {
      if (event.key === key || event.key === null) store.set(kept());
    });
    return store;
  }
}

function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

/** The browser's storage, or null where it is blocked: choices then last as long as the page. */
export function browserStorage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
