/** One thing that can be gone to or done from anywhere. */
export interface Command {
  readonly label: string;
  /** What it is, in a word or two: `page`, `worker`. */
  readonly what: string;
  readonly run: () => void;
}

/** Lines shown at most: who sees more of them types another letter. */
const MOST = 50;

/** The commands that have every word of a text in their label or in what they are, in their order. */
export function fitting(commands: readonly Command[], text: string): readonly Command[] {
  const words = text.toLowerCase().split(/\s+/);
  const fits = ({ label, what }: Command) => {
    const said = `${label} ${what}`.toLowerCase();
    return words.every((word) => said.includes(word));
  };
  return commands.filter(fits).slice(0, MOST);
}
