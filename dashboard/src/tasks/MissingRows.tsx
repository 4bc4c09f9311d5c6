import { TriangleAlert } from 'lucide-react';
import { advice } from '../components/States';
import type { Missing } from './useSight';

/** Says why rows in sight are not there, and asks for them again on a press. It lies over the table. */
export function MissingRows({ error, retry }: Missing) {
  return (
    <div className="missing-rows" role="alert">
      <TriangleAlert size={16} aria-hidden="true" />
      <span>
        Rows in sight could not be loaded again. {error.message} {advice(error)}
      </span>
      {retry && (
        <button type="button" className="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}
