import { isLoggedOut } from '../../api/client';

/** What came of one of many: a value, or the error that it failed with. */
export interface Turn<Item, Value> {
  readonly item: Item;
  readonly value?: Value;
  readonly error?: unknown;
}

/** Does something for each item, some of them at a time; one that fails stops no other. In the items' order. */
export async function inTurns<Item, Value>(
  items: readonly Item[],
  abreast: number,
  work: (item: Item) => Promise<Value>,
): Promise<readonly Turn<Item, Value>[]> {
  const turns: Turn<Item, Value>[] = [];
  const waiting = items.entries();
  const lane = async () => {
    for (const [index, item] of waiting)
      turns[index] = await work(item).then(
        (value) => ({ item, value }),
        (error: unknown) => ({ item, error }),
      );
  };
  await Promise.all(Array.from({ length: Math.min(abreast, items.length) }, lane));
  return turns;
}

/** The same work, but nothing is begun any more once the server no longer knows who asks. */
export function unlessLoggedOut<Item, Value>(
  work: (item: Item) => Promise<Value>,
): (item: Item) => Promise<Value> {
  let ended: Error | null = null;
  return async (item) => {
    if (ended !== null) throw ended;
    return work(item).catch((error: unknown) => {
      if (error instanceof Error && isLoggedOut(error)) ended = error;
      throw error;
    });
  };
}
