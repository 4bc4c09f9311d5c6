import { Skeleton } from './States';
import './DataTable.css';

/** A table before its first answer, of the size that it will have. */
export function TableSkeleton({ label }: { readonly label: string }) {
  return (
    <div className="table-area">
      <div className="table-main">
        <div className="table">
          <Skeleton rows={12} label={label} />
        </div>
      </div>
    </div>
  );
}
