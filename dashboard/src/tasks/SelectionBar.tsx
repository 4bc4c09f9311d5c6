import { CopyButton } from '../components/Copy';
import { count } from '../format/number';

/** How many tasks are marked, and what can be done with them. */
export function SelectionBar({
  ids,
  onClear,
}: {
  readonly ids: readonly string[];
  readonly onClear: () => void;
}) {
  if (ids.length === 0) return null;
  return (
    <div className="selection-bar" role="status">
      <b>{count(ids.length, 'task')} selected</b>
      <CopyButton text={ids.join('\n')} label="Copy their ids" />
      <button type="button" className="button" onClick={onClear}>
        Clear the selection
      </button>
    </div>
  );
}
