/**
 * Flower's search language as far as the page must know it: where a word begins, how it is quoted, which fields there
 * are. What a query means, and whether it is one, the server says alone.
 */
export const FIELDS = ['name', 'state', 'worker', 'args', 'kwargs', 'result'] as const;
export type Field = (typeof FIELDS)[number];

export const FIELD_WORDS: Readonly<Record<Field, string>> = {
  name: 'Name of the task',
  state: 'State',
  worker: 'Worker',
  args: 'Positional arguments',
  kwargs: 'Keyword arguments',
  result: 'Result',
};

/** The word as the language has it: quoted where it would be taken for something else. */
export function quoted(text: string): string {
  const plain = /^[^\s()"\\-][^\s()"\\]*$/.test(text) && !['AND', 'OR', 'NOT'].includes(text);
  return plain ? text : `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

/** One condition: of a field, or of all of them. The field stands within no quotes; its value may. */
export function term(field: Field | null, value: string): string {
  return field === null ? quoted(value) : `${field}:${quoted(value)}`;
}

/** A query with one more condition. */
export function joined(query: string, condition: string, operator: 'AND' | 'OR'): string {
  const before = query.trim();
  if (before === '') return condition;
  if (operator === 'OR') return `${before} OR ${condition}`;
  return /(^|\s)OR(\s|$)/.test(before) ? `(${before}) ${condition}` : `${before} ${condition}`;
}

/** The word that is being typed: the last one, where it began, and whether its quotes are open. */
export interface Tail {
  readonly start: number;
  readonly text: string;
  readonly open: boolean;
}

export function tailOf(query: string): Tail {
  let start = query.length;
  let open = false;
  let inside = false;
  for (let index = 0; index < query.length; index += 1) {
    const char = query.charAt(index);
    const ends = !open && (/\s/.test(char) || char === '(' || char === ')');
    if (ends) inside = false;
    else if (!inside) {
      inside = true;
      start = index;
    }
    if (char === '\\' && open) index += 1;
    else if (char === '"') open = !open;
  }
  return inside ? { start, text: query.slice(start), open } : { start: query.length, text: '', open: false };
}

/** Characters of a text to search for; Flower's bound. */
const LEAST = 3;

/** Why a query is plainly not finished: its last word is still being typed. Null where the server may judge. */
export function unfinished(query: string): string | null {
  const { text, open } = tailOf(query);
  if (open) return '… close the quotes';
  if (text === '') return null;
  const [head = '', ...rest] = text.split(':');
  const field = FIELDS.find((known) => known === head.toLowerCase());
  const value = (field !== undefined && rest.length > 0 ? rest.join(':') : text).replace(/["\\]/g, '');
  if (field !== undefined && rest.length > 0 && value === '') return '… and a value';
  const exact = rest.length > 0 && (field === 'state' || (field === 'kwargs' && value.includes('=')));
  if (exact || value === 'OR' || Array.from(value.trim()).length >= LEAST) return null;
  return `… at least ${LEAST} characters`;
}
