import type { Option } from './types';
import { optionText } from './values';

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

/** The options that a search fits, under their headings in the order of the help. */
export function groupsOf(options: readonly Option[], { search, changed }: Search): readonly Group[] {
  const text = (search ?? '').trim().toLowerCase();
  const fitting = options
    .filter((option) => changed === undefined || isChanged(option))
    .filter((option) => {
      const { name, value, source, variable } = option;
      const texts = [name, value ?? '', optionText(option), source, variable];
      return texts.some((one) => one.toLowerCase().includes(text));
    });
  return [...new Set(fitting.map(({ group }) => group))].map((name) => ({
    name,
    options: fitting.filter(({ group }) => group === name),
  }));
}
