/** The columns of the list in the URL: their ids in order, with dots between. */
export const USUAL = [
  'name',
  'state',
  'received',
  'runtime',
  'worker',
  'queue',
  'args',
  'outcome',
  'id',
] as const;

/** The ids that a URL asks for, those that there are, each once; the usual ones where it asks for none. */
export function shownIds(text: string | undefined, known: readonly string[]): readonly string[] {
  const wanted = [...new Set(text?.split('.') ?? [])].filter((id) => known.includes(id));
  return wanted.length > 0 ? wanted : USUAL;
}

/** The word for the URL; absent where it says what is usual anyway. */
export function columnsText(ids: readonly string[]): string | undefined {
  return ids.length === 0 || ids.join('.') === USUAL.join('.') ? undefined : ids.join('.');
}

/** The ids with one of them shown or not; one that is new comes last. The last one stays. */
export function toggledId(ids: readonly string[], id: string): readonly string[] {
  if (!ids.includes(id)) return [...ids, id];
  return ids.length > 1 ? ids.filter((other) => other !== id) : ids;
}

/** The ids with one of them a place further up or down. */
export function movedId(ids: readonly string[], id: string, step: -1 | 1): readonly string[] {
  const from = ids.indexOf(id);
  const to = from + step;
  if (from < 0 || to < 0 || to >= ids.length) return ids;
  const next = [...ids];
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
}
