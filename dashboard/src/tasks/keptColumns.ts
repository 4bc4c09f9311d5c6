import type { Preferences } from '../app/preferences';
import type { TaskSearch } from './filter';

type Kept = Pick<Preferences, 'columns' | 'widths'>;

/**
 * The URL with the columns and widths that this person last chose, where it says nothing of either; null: it stays. They
 * are put into it, not beside it, so that who gets the link sees the same.
 */
export function withKept(search: TaskSearch, { columns, widths }: Kept): TaskSearch | null {
  if (search.columns !== undefined || search.widths !== undefined) return null;
  if (columns.get() === '' && widths.get() === '') return null;
  return { ...search, columns: columns.get() || undefined, widths: widths.get() || undefined };
}

/** Keeps what a change of the URL says of columns and widths, for the next list that is opened in this browser. */
export function keep(change: Partial<TaskSearch>, { columns, widths }: Kept): void {
  if ('columns' in change) columns.set(change.columns ?? '');
  if ('widths' in change) widths.set(change.widths ?? '');
}
