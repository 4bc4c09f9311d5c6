/** One thing that can be gone to or done from anywhere. */
export interface Command {
  readonly label: string;
  /** What it is, in a word or two: `page`, `worker`. */
  readonly what: string;
  readonly run: () => void;
}

/** Lines shown at most: who sees more of them types another letter. */
const MOST = 50;

/** The commands that have every word of a text in their label or in what they are; those that begin with it first. */
export function fitting(commands: readonly Command[], text: string): readonly Command[] {
  const typed = text.toLowerCase();
  const words = typed.split(/\s+/);
  const fits = ({ label, what }: Command) => {
    const said = `${label} ${what}`.toLowerCase();
    return words.every((word) => said.includes(word));
  };
  const later = ({ label }: Command) => Number(!label.toLowerCase().startsWith(typed));
  return commands
    .filter(fits)
    .sort((left, right) => later(left) - later(right))
    .slice(0, MOST);
}
