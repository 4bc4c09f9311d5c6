import type { FailureGroup } from './types';

const VALUES: Readonly<Record<string, (group: FailureGroup) => number>> = {
  n: (group) => group.n,
  first: (group) => group.first,
  last: (group) => group.last,
};

/** In the order of the URL's `sort`: `n`, `first` or `last`, with `-` descending; the newest first without one. */
export function sorted(groups: readonly FailureGroup[], sort = '-last'): FailureGroup[] {
  const value = VALUES[sort.replace('-', '')] ?? ((group) => group.last);
  const sign = sort.startsWith('-') ? -1 : 1;
  return [...groups].sort((left, right) => sign * (value(left) - value(right)));
}

/** Names of the tasks that fail. */
export function namesOf(groups: readonly FailureGroup[]): string[] {
  return [...new Set(groups.map(({ name }) => name).filter((name) => name !== null))].sort();
}

/** Of a path its last two parts. */
export function fileText(file: string): string {
  return file.split(/[/\\]/).slice(-2).join('/');
}

/** `shop/orders.py:42 in place`. */
export function placeText({ place }: FailureGroup): string | null {
  return place === null ? null : `${fileText(place.file)}:${place.line} in ${place.function}`;
}
