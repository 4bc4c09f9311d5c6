import { afterEach, describe, expect, it } from 'vitest';
import { Preferences } from './preferences';

/** Another tab of the browser writes: this one is told. */
function elsewhere(key: string, value: string): void {
  localStorage.setItem(key, value);
  window.dispatchEvent(new StorageEvent('storage', { key, newValue: value, storageArea: localStorage }));
}

describe('what a person chose', () => {
  afterEach(() => {
    localStorage.clear();
    delete document.documentElement.dataset['theme'];
  });

  it('is there again in the next page', () => {
    new Preferences(localStorage).zone.set('utc');
    expect(new Preferences(localStorage).zone.get()).toBe('utc');
  });

  it('keeps the rail of icons, and has its words until then', () => {
    const here = new Preferences(localStorage);
    expect(here.rail.get()).toBe('words');
    here.rail.set('icons');
    expect(new Preferences(localStorage).rail.get()).toBe('icons');
  });

  it('holds at once in the other tabs', () => {
    const here = new Preferences(localStorage);
    elsewhere('flower.theme', 'dark');
    expect(here.theme.get()).toBe('dark');
    expect(document.documentElement.dataset['theme']).toBe('dark');
  });

  it('is the usual again where something else was written', () => {
    const here = new Preferences(localStorage);
    here.zone.set('utc');
    elsewhere('flower.zone', 'mars');
    expect(here.zone.get()).toBe('local');
  });
});
