/** Things that came from each other, by their numbers. */
export interface Forest {
  /** Of each the number of its parent; -1: none that is known. */
  readonly parents: readonly number[];
  /** Of each the numbers of its children, in their order. */
  readonly children: readonly (readonly number[])[];
  readonly roots: readonly number[];
}

interface Member {
  readonly uuid: string;
  readonly parent_id: string | null;
}

/** The forest of tasks: what is not among them is no parent, and a ring of parents is cut at its first task. */
export function forestOf(items: readonly Member[]): Forest {
  const numbers = new Map(items.map(({ uuid }, number) => [uuid, number]));
  const parents = items.map(({ uuid, parent_id }) =>
    parent_id === null || parent_id === uuid ? -1 : (numbers.get(parent_id) ?? -1),
  );
  cutRings(parents);
  const children: number[][] = parents.map(() => []);
  const roots: number[] = [];
  parents.forEach((parent, number) => (children[parent] ?? roots).push(number));
  return { parents, children, roots };
}

/** Goes up from each, marking the way; who comes back to it is cut off from its parent. Each is passed once. */
function cutRings(parents: number[]): void {
  const way = new Int32Array(parents.length).fill(-1);
  for (let from = 0; from < parents.length; from += 1) {
    let at = from;
    while (at >= 0 && way[at] === -1) {
      way[at] = from;
      const parent = parents[at] ?? -1;
      if (parent >= 0 && way[parent] === from) parents[at] = -1;
      at = parents[at] ?? -1;
    }
  }
}

/** All of them, parents before their children. */
export function topDown({ roots, children }: Forest): readonly number[] {
  const order = [...roots];
  // The list grows while it is gone through.
  for (let place = 0; place < order.length; place += 1)
    for (const child of children[order[place] ?? -1] ?? []) order.push(child);
  return order;
}
