import { type Field, FIELD_WORDS, FIELDS, tailOf, term } from './terms';

/** What is known of the tasks that are kept, to be offered as values. */
export interface Known {
  readonly names: readonly string[];
  readonly workers: readonly string[];
  readonly states: readonly string[];
}

/** A way to go on with a query. */
export interface Completion {
  /** The whole query then. */
  readonly value: string;
  /** The part that is new. */
  readonly label: string;
  readonly what: string;
}

/** Offered at a time: more is read by nobody. */
const MOST = 12;

/** How a query may go on: the fields, and the values of the field that is being typed. */
export function complete(query: string, known: Known): readonly Completion[] {
  const tail = tailOf(query);
  const before = query.slice(0, tail.start);
  const [field, typed] = split(tail.text);
  const found = field === null ? anywhere(typed, known) : values(field, typed, known);
  return found
    .filter(({ label }) => label !== tail.text)
    .slice(0, MOST)
    .map(({ label, what }) => ({ value: `${before}${label}`, label, what }));
}

type Offer = Omit<Completion, 'value'>;

function split(text: string): readonly [Field | null, string] {
  const [head = '', ...rest] = text.split(':');
  const field = FIELDS.find((known) => known === head.toLowerCase());
  const typed = field === undefined || rest.length === 0 ? text : rest.join(':');
  return [rest.length > 0 ? (field ?? null) : null, typed.replace(/["\\]/g, '').toLowerCase()];
}

function anywhere(typed: string, known: Known): readonly Offer[] {
  const fields = FIELDS.filter((field) => field.startsWith(typed)).map((field) => ({
    label: `${field}:`,
    what: FIELD_WORDS[field],
  }));
  // Without a letter every value fits: only the fields say something then.
  if (typed === '') return fields;
  return [
    ...fields,
    ...(['name', 'worker', 'state'] as const).flatMap((field) => values(field, typed, known)),
  ];
}

function values(field: Field, typed: string, known: Known): readonly Offer[] {
  return [...(valuesOf(field, known) ?? [])]
    .filter((value) => value.toLowerCase().includes(typed))
    .sort((left, right) => begins(right, typed) - begins(left, typed))
    .map((value) => ({ label: term(field, value), what: FIELD_WORDS[field] }));
}

/** The values that a field is known to have; undefined: they are not known. */
export function valuesOf(field: string, known: Known): readonly string[] | undefined {
  if (field === 'name') return known.names;
  if (field === 'worker') return known.workers;
  return field === 'state' ? known.states : undefined;
}

function begins(value: string, typed: string): number {
  return value.toLowerCase().startsWith(typed) ? 1 : 0;
}
