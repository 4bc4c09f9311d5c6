import * as v from 'valibot';

/** A list somebody comes back to: its name, and the query string that it is. */
export interface View {
  readonly name: string;
  readonly search: string;
}

/** Views that everybody has: what an incident is looked at with first. */
export const COMMON: readonly View[] = [
  { name: 'Failed in the last hour', search: '?state=FAILURE&range=1h' },
  { name: 'Running now', search: '?state=STARTED&sort=started' },
  { name: 'Longest runs', search: '?sort=-runtime' },
  { name: 'Waiting for a worker', search: '?state=PENDING&state=RECEIVED&sort=received' },
  { name: 'Being retried', search: '?state=RETRY' },
];

/** Views that are kept at most, and the longest of their names: it is a browser's storage. */
const MOST = 50;
const LONGEST = 60;
const KEY = 'flower.views';

const shape = v.array(v.object({ name: v.string(), search: v.string() }));

/** The saved views of this browser; none where what is stored is not understood. */
export function readViews(storage: Storage | null): readonly View[] {
  try {
    const found = v.safeParse(shape, JSON.parse(storage?.getItem(KEY) ?? '[]'));
    return found.success ? found.output : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/** Saves a view, in the place of one with the same name; the newest first. */
export function saved(views: readonly View[], name: string, search: string): readonly View[] {
  const short = name.trim().slice(0, LONGEST);
  const others = views.filter((view) => view.name !== short);
  // What is marked or looked at is of the moment.
  const kept = new URLSearchParams(search);
  kept.delete('selected');
  kept.delete('preview');
  const text = kept.toString();
  return [{ name: short, search: text === '' ? '' : `?${text}` }, ...others].slice(0, MOST);
}

/** False where the browser refuses: its storage is full, or blocked. */
export function writeViews(storage: Storage | null, views: readonly View[]): boolean {
  if (storage === null) return false;
  try {
    storage.setItem(KEY, JSON.stringify(views));
    return true;
  } catch (error) {
    if (error instanceof DOMException) return false;
    throw error;
  }
}
