import { useEffect, useRef, useState } from 'react';

/** Milliseconds of rest after which the address follows: browsers refuse to change it with each repetition of a key. */
const SETTLE = 120;

/** Which task is looked at, and what of that is in the address. */
export interface Looked {
  readonly id: string | undefined;
  /** The address when it was last looked at. */
  readonly known: string | undefined;
  /** What was last written into it. */
  readonly sent: string | undefined;
}

/** Takes over what the address says now, unless that is only what was written there: the reader may be further. */
export function followed(looked: Looked, address: string | undefined): Looked {
  if (address === looked.known) return looked;
  if (address === looked.sent) return { ...looked, known: address };
  return { id: address, known: address, sent: address };
}

/** Writes into the address; `moved` from one task to another is no step of the history. */
type Write = (id: string | undefined, moved: boolean) => void;

/** The task that is looked at beside the list. It changes at once, and `settled` says that the address has followed. */
export function usePreview(address: string | undefined, write: Write) {
  const [state, setState] = useState<Looked>({ id: address, known: address, sent: address });
  const looked = followed(state, address);
  if (looked !== state) setState(looked);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const send = (id: string | undefined, moved: boolean) => {
    setState((before) => ({ ...before, sent: id }));
    write(id, moved);
  };
  const set = (id: string | undefined) => {
    const moved = id !== undefined && looked.id !== undefined;
    clearTimeout(timer.current);
    setState((before) => ({ ...before, id }));
    if (moved) timer.current = setTimeout(() => send(id, moved), SETTLE);
    else send(id, moved);
  };
  return { id: looked.id, settled: looked.id === looked.sent, set };
}
