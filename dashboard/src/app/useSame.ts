import { useEffect, useMemo, useRef } from 'react';

/** A function that stays the same and does what the newest one does, so that nothing is drawn again for it alone. */
export function useSame<Given extends readonly unknown[]>(
  act: (...given: Given) => void,
): (...given: Given) => void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  return useMemo(
    () =>
      (...given: Given) =>
        latest.current(...given),
    [],
  );
}
