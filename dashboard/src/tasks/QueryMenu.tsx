import { Menu } from '@base-ui/react/menu';
import { ChevronDown, Layers2 } from 'lucide-react';
import { address } from '../api/client';
import { useServices } from '../app/services';
import { conditionsOf, type TaskFilter } from './filter';

/** The server's bound on one file. */
const MOST_EXPORTED = '100,000';

interface QueryProps {
  readonly filter: TaskFilter;
  /** Rows that are loaded, and how many of them may be marked at once. */
  readonly loaded: number;
  readonly most: number;
  readonly onSelect: () => void;
  readonly onRevoke: () => void;
  /** Why the reader may not revoke; null: they may. */
  readonly refused: string | null;
}

/** What is done with all that the list fits, loaded or not. */
export function QueryMenu({ filter, loaded, most, onSelect, onRevoke, refused }: QueryProps) {
  const { clock } = useServices();
  const file = (format: 'csv' | 'jsonl') =>
    address('api/v1/task-export', { ...conditionsOf(filter, clock.now()), format });
  const marked = Math.min(loaded, most);
  return (
    <Menu.Root>
      <Menu.Trigger className="field select" title="All of the list" aria-label="All of the list">
        <Layers2 size={14} aria-hidden="true" />
        <span className="wide-only">All of the list</span>
        <ChevronDown size={14} aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} align="end" className="popup-layer">
          <Menu.Popup className="popup">
            <Menu.Item className="popup-item plain" disabled={marked === 0} onClick={onSelect}>
              Select the {marked === loaded ? `${loaded} loaded` : `first ${marked}`} rows
            </Menu.Item>
            <Menu.LinkItem className="popup-item plain" href={file('csv')} download closeOnClick>
              Export as CSV (the first {MOST_EXPORTED})
            </Menu.LinkItem>
            <Menu.LinkItem className="popup-item plain" href={file('jsonl')} download closeOnClick>
              Export as JSON lines (the first {MOST_EXPORTED})
            </Menu.LinkItem>
            <Menu.Item
              className="popup-item plain"
              disabled={refused !== null}
              title={refused ?? undefined}
              onClick={onRevoke}
            >
              Revoke all that fit …
            </Menu.Item>
            {refused !== null && <p className="popup-why">{refused}</p>}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
