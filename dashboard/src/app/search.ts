/** The query string of a page as people read and write it: `state=FAILURE&state=RETRY`, no JSON in it. */
export type RawSearch = Record<string, string | string[]>;

export function parseSearch(text: string): RawSearch {
  const parameters = new URLSearchParams(text);
  const search: RawSearch = {};
  for (const key of new Set(parameters.keys())) {
    const values = parameters.getAll(key);
    search[key] = values.length === 1 ? (values[0] ?? '') : values;
  }
  return search;
}

export function stringifySearch(search: Record<string, unknown>): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value])
      if (typeof item === 'string' && item !== '') parameters.append(key, item);
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
