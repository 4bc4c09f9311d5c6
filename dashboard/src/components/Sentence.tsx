import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react';
import type { Clause, Tone } from '../monitor/health';
import './Sentence.css';

const SHAPES = { success: CircleCheck, retry: TriangleAlert, failure: CircleAlert } as const;
const ORDER: readonly Tone[] = ['success', 'retry', 'failure'];

/** How things are, in one line of clauses; its shape and colour are those of the worst one. */
export function Sentence({ clauses }: { readonly clauses: readonly Clause[] }) {
  const tone = ORDER[Math.max(0, ...clauses.map((clause) => ORDER.indexOf(clause.tone)))] ?? 'failure';
  const Shape = SHAPES[tone];
  return (
    <p className="sentence" data-tone={tone}>
      <Shape size={18} aria-hidden="true" />
      <span>
        {clauses.map((clause) => (
          <span key={clause.text} className="sentence-clause" data-tone={clause.tone}>
            {clause.text}
          </span>
        ))}
      </span>
    </p>
  );
}
