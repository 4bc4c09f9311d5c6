/** Lines shown of a long text at its beginning and at its end: the end of a traceback says what went wrong where. */
export interface Lines {
  readonly head: number;
  readonly tail: number;
}

/** Where the text is what was come for. */
const MUCH: Lines = { head: 4, tail: 24 };
/** Where it stands beside other things. */
export const LITTLE: Lines = { head: 0, tail: 8 };

export interface Folded {
  /** The text with its middle left out; null: it is short enough to be shown whole. */
  readonly short: string | null;
  readonly lines: number;
}

/** Leaves the middle of a long text out. */
export function folded(text: string, { head, tail }: Lines = MUCH): Folded {
  const lines = text.split('\n');
  if (lines.length <= head + tail + 1) return { short: null, lines: lines.length };
  const left = lines.length - head - tail;
  const short = [...lines.slice(0, head), `  … ${left} lines …`, ...lines.slice(-tail)].join('\n');
  return { short, lines: lines.length };
}
