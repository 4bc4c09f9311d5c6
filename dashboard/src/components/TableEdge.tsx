import { LEAST, MOST } from './columnSizes';
import type { Column } from './table';
import type { Edges } from './useColumnSizes';

interface EdgeProps {
  readonly column: Pick<Column<never>, 'id' | 'header' | 'width' | 'grow'>;
  readonly edges: Edges;
}

/** The edge of a head cell: dragged, or moved by the arrows when it has the focus; Home and a double click reset it. */
export function TableEdge({ column: { id, header, width, grow }, edges }: EdgeProps) {
  const size = edges.sizes[id];
  const loose = grow && size === undefined;
  return (
    // WAI-ARIA has separators of both kinds; one that can be moved takes the focus.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      className="table-edge"
      role="separator"
      aria-orientation="vertical"
      aria-label={`Width of ${header}`}
      aria-valuenow={size ?? width}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      aria-valuetext={loose ? `what is left, at least ${width} pixels` : `${size ?? width} pixels`}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      title="Drag to change the width; double click for the usual one"
      onMouseDown={(event) => {
        if (event.button !== 0) return;
        // Else the drag would select text; but then it gives no focus either.
        event.preventDefault();
        event.currentTarget.focus();
        edges.onGrasp(id, event);
      }}
      onTouchStart={(event) => edges.onGrasp(id, event)}
      onKeyDown={(event) => edges.onKey(id, event)}
      onKeyUp={edges.onDone}
      onBlur={edges.onDone}
      onDoubleClick={() => edges.onReset(id)}
    />
  );
}
