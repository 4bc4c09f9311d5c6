/** Lines shown of a long text at its beginning and at its end: the end of a traceback says what went wrong where. */
const HEAD = 4;
const TAIL = 24;

export interface Folded {
  /** The text with its middle left out; null: it is short enough to be shown whole. */
  readonly short: string | null;
  readonly lines: number;
}

/** Leaves the middle of a long text out. */
export function folded(text: string): Folded {
  const lines = text.split('\n');
  if (lines.length <= HEAD + TAIL + 1) return { short: null, lines: lines.length };
  const left = lines.length - HEAD - TAIL;
  const short = [...lines.slice(0, HEAD), `  … ${left} lines …`, ...lines.slice(-TAIL)].join('\n');
  return { short, lines: lines.length };
}
