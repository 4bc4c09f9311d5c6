import { ArrowUp } from 'lucide-react';
import { compact } from '../format/number';
import './NewRowsPill.css';

interface PillProps {
  readonly count: number;
  /** There are more than could be counted. */
  readonly atLeast: boolean;
  readonly onShow: () => void;
}

/** Says how many rows wait above, and brings them in on a press. It lies over the table and moves nothing. */
export function NewRowsPill({ count, atLeast, onShow }: PillProps) {
  const many = atLeast ? (count > 0 ? `${compact(count)}+ new` : 'New tasks') : `${compact(count)} new`;
  return (
    <div className="pill-place" role="status">
      {(count > 0 || atLeast) && (
        <button type="button" className="pill" onClick={onShow}>
          <ArrowUp size={14} aria-hidden="true" />
          {many}
        </button>
      )}
    </div>
  );
}
