import { ChevronRight, Maximize, Minus, Plus, Route } from 'lucide-react';
import type { RefObject } from 'react';
import { count } from '../format/number';
import type { GraphControls } from './GraphView';

interface ToolbarProps {
  /** Tasks that failed. */
  readonly failed: number;
  /** Nodes of the graph that these are in. */
  readonly places: number;
  /** They and all that they came from stand out. */
  readonly inPath: boolean;
  readonly grouped: boolean;
  /** Groups of which each task is shown. */
  readonly opened: number;
  readonly graph: RefObject<GraphControls | null>;
  readonly onPath: () => void;
  /** The next of those that failed. */
  readonly onNext: () => void;
  readonly onGrouped: (on: boolean) => void;
  readonly onClose: () => void;
}

export function Toolbar(props: ToolbarProps) {
  const { failed, places, inPath, grouped, opened, graph, onPath, onNext, onGrouped, onClose } = props;
  return (
    <div className="filters" role="toolbar" aria-label="Graph">
      <button
        type="button"
        className="button"
        aria-pressed={inPath}
        disabled={failed === 0 && !inPath}
        title={failed === 0 ? 'No task of it failed' : 'What failed, and all that led to it (f)'}
        onClick={onPath}
      >
        <Route size={14} aria-hidden="true" />
        Failed path
        <span className="soft">{failed === 0 ? 'none' : count(failed, 'task')}</span>
      </button>
      {inPath && places > 1 && (
        <button type="button" className="button" onClick={onNext}>
          Next
          <ChevronRight size={14} aria-hidden="true" />
        </button>
      )}
      <label className="button workflow-switch">
        <input type="checkbox" checked={grouped} onChange={(event) => onGrouped(event.target.checked)} />
        Group by name
      </label>
      {opened > 0 && (
        <button type="button" className="button" onClick={onClose}>
          Close {count(opened, 'group')}
        </button>
      )}
      <span className="workflow-zoom">
        <IconButton label="Smaller (-)" shape={Minus} onClick={() => graph.current?.zoom(-1)} />
        <IconButton label="Larger (+)" shape={Plus} onClick={() => graph.current?.zoom(1)} />
        <IconButton label="Fit all in (0)" shape={Maximize} onClick={() => graph.current?.fit()} />
      </span>
    </div>
  );
}

interface IconButtonProps {
  readonly label: string;
  readonly shape: typeof Minus;
  readonly onClick: () => void;
}

function IconButton({ label, shape: Shape, onClick }: IconButtonProps) {
  return (
    <button type="button" className="icon-button" title={label} aria-label={label} onClick={onClick}>
      <Shape size={16} aria-hidden="true" />
    </button>
  );
}
