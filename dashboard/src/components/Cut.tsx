interface CutProps {
  readonly text: string;
  readonly title?: string | undefined;
}

/** A text in a cell of a table: cut where there is no room, whole on hover. */
export function Cut({ text, title = text }: CutProps) {
  return (
    <span className="cut" title={title} dir="auto">
      {text}
    </span>
  );
}
