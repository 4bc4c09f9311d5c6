import type { Option } from './types';

export interface Search {
  readonly search?: string | undefined;
  /** `yes`: only what is not the default. */
  readonly changed?: 'yes' | undefined;
}

export interface Group {
  readonly name: string;
  readonly options: readonly Option[];
}

/** Whether somebody set an option. */
export function isChanged({ place }: Option): boolean {
  return place !== 'default';
}

/** What of a secret is shown: that there is one. */
export function valueText({ value }: Option): string {
  if (value === null) return 'not set';
  return value === '***' ? 'set, not shown' : value;
}

/** The options that a search fits, under their headings in the order of the help. */
export function groupsOf(options: readonly Option[], { search, changed }: Search): readonly Group[] {
  const text = (search ?? '').trim().toLowerCase();
  const fitting = options
    .filter((option) => changed === undefined || isChanged(option))
    .filter(({ name, value, source, variable }) =>
      [name, value ?? '', source, variable].some((one) => one.toLowerCase().includes(text)),
    );
  return [...new Set(fitting.map(({ group }) => group))].map((name) => ({
    name,
    options: fitting.filter(({ group }) => group === name),
  }));
}
