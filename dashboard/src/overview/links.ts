import type { Span } from '../app/range';
import { RANGES, type TaskSearch } from '../tasks/filter';

/** The filter of the task list that shows the tasks behind a number, within its range where the list knows it. */
export function tasksBehind(span: Span, filter: TaskSearch = {}): TaskSearch {
  const range = span.word !== null && span.word in RANGES ? span.word : undefined;
  return { ...filter, range };
}
