import { lazy, Suspense, useState } from 'react';
import type { Span } from '../app/range';
import { SilenceDialog } from './SilenceDialog';
import type { FailureGroup } from './types';

const GroupRerunDialog = lazy(async () => ({
  default: (await import('./GroupRerunDialog')).GroupRerunDialog,
}));

/** What is asked about a group. */
export interface Question {
  readonly what: 'silence' | 'rerun';
  readonly group: FailureGroup;
}

interface QuestionsProps {
  readonly asked: Question | null;
  readonly span: () => Span;
  readonly onClose: () => void;
}

/** The question about a group that is open, if one is. */
export function Questions({ asked, span, onClose }: QuestionsProps) {
  if (asked === null) return null;
  if (asked.what === 'silence') return <SilenceDialog group={asked.group} onClose={onClose} />;
  return <Rerun group={asked.group} span={span} onClose={onClose} />;
}

interface RerunProps {
  readonly group: FailureGroup;
  readonly span: () => Span;
  readonly onClose: () => void;
}

function Rerun({ group, span, onClose }: RerunProps) {
  // The range as it was when the question was asked, also when it is answered later.
  const [then] = useState(span);
  return (
    <Suspense fallback={null}>
      <GroupRerunDialog group={group} span={then} onClose={onClose} />
    </Suspense>
  );
}
