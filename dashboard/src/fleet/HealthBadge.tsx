import { CircleCheck, CirclePause, CircleX, TriangleAlert } from 'lucide-react';
import { Fragment } from 'react';
import type { Health, Level } from './health';

const LOOKS = {
  failing: { tone: 'failure', shape: CircleX },
  doubtful: { tone: 'retry', shape: TriangleAlert },
  well: { tone: 'success', shape: CircleCheck },
  suspended: { tone: 'pending', shape: CirclePause },
} as const satisfies Record<Level, unknown>;

/** How a monitor is, as a shape and a word in their colour. */
export function HealthBadge({ health: { level, word } }: { readonly health: Health }) {
  const { tone, shape: Shape } = LOOKS[level];
  return (
    <span className="badge" data-tone={tone}>
      <Shape size={14} aria-hidden="true" />
      <span className="badge-word" title={word}>
        {/* A reason such as SecretNotFound is broken between its words, not within one. */}
        {word.split(/(?<=[a-z])(?=[A-Z])/).map((part, index) => (
          <Fragment key={index}>
            {index > 0 && <wbr />}
            {part}
          </Fragment>
        ))}
      </span>
    </span>
  );
}
