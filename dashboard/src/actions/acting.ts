import { createContext, useState } from 'react';

/** Told when a question opens and closes: what is around it must not change, or it would go with its row. */
export const ActingContext = createContext<(acting: boolean) => void>(() => undefined);

/** A value that stands still while it is held. */
export function useHeld<Value>(value: Value, held: boolean): Value {
  const [kept, setKept] = useState(value);
  if (!held && !Object.is(kept, value)) setKept(value);
  return held ? kept : value;
}
