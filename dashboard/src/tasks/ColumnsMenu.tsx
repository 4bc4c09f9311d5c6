import { ArrowDown, ArrowUp, Columns3 } from 'lucide-react';
import { Popover } from '../components/Popover';
import { columnsText, movedId, shownIds, toggledId } from './columnIds';
import { COLUMN_WORDS } from './columns';

interface ColumnsProps {
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
  readonly widths: string | undefined;
  readonly onWidths: (widths: string | undefined) => void;
}

/** Which columns are shown, in what order, and whether as wide as usual. */
export function ColumnsMenu({ value, onChange, widths, onWidths }: ColumnsProps) {
  const ids = shownIds(
    value,
    COLUMN_WORDS.map(({ id }) => id),
  );
  const set = (next: readonly string[]) => onChange(columnsText(next));
  const shown = ids.flatMap((id) => COLUMN_WORDS.filter((column) => column.id === id));
  const hidden = COLUMN_WORDS.filter(({ id }) => !ids.includes(id));
  return (
    <Popover
      label="Columns"
      icon={<Columns3 size={14} aria-hidden="true" />}
      set={value !== undefined || widths !== undefined}
    >
      <ul className="choices" aria-label="Columns">
        {[...shown, ...hidden].map(({ id, header }) => {
          const place = ids.indexOf(id);
          return (
            <li key={id}>
              <label className="form-check">
                <input type="checkbox" checked={place >= 0} onChange={() => set(toggledId(ids, id))} />
                <span>{header}</span>
              </label>
              {place >= 0 && (
                <>
                  <button
                    type="button"
                    className="field-button"
                    aria-label={`${header}: further to the front`}
                    disabled={place === 0}
                    onClick={() => set(movedId(ids, id, -1))}
                  >
                    <ArrowUp size={14} aria-hidden="true" />
                  </button>
                  <button
                    type="button"
                    className="field-button"
                    aria-label={`${header}: further to the end`}
                    disabled={place === ids.length - 1}
                    onClick={() => set(movedId(ids, id, 1))}
                  >
                    <ArrowDown size={14} aria-hidden="true" />
                  </button>
                </>
              )}
            </li>
          );
        })}
      </ul>
      {value !== undefined && (
        <button type="button" className="button" onClick={() => onChange(undefined)}>
          The usual columns
        </button>
      )}
      {widths !== undefined && (
        <button type="button" className="button" onClick={() => onWidths(undefined)}>
          The usual widths
        </button>
      )}
    </Popover>
  );
}
