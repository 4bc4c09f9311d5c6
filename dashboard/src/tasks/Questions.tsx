import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useServices } from '../app/services';
import { count } from '../format/number';
import { conditions, conditionsOf, filterOf, type TaskFilter, type TaskSearch } from './filter';

const BulkRevokeDialog = lazy(async () => ({
  default: (await import('./actions/BulkRevokeDialog')).BulkRevokeDialog,
}));
const BulkRerunDialog = lazy(async () => ({
  default: (await import('./actions/BulkRerunDialog')).BulkRerunDialog,
}));

/** A question that is open over the list. */
export type Asked = 'revoke marked' | 'revoke all' | 'rerun marked' | null;

interface QuestionsProps {
  readonly asked: Asked;
  readonly search: TaskSearch;
  readonly onClose: () => void;
}

/** The question about many tasks that is open, if one is. Their code is loaded with the first. */
export function Questions({ asked, search, onClose }: QuestionsProps) {
  const { clock } = useServices();
  const uuids = search.selected ?? [];
  const tasks = count(uuids.length, 'selected task');
  let question: ReactNode = null;
  // A relative range stands for the time at which the question was asked, also when it is answered later.
  const [now] = useNow(asked, clock.now);
  if (asked === 'revoke marked')
    question = <BulkRevokeDialog which={{ uuids }} words={`the ${tasks}`} onClose={onClose} />;
  if (asked === 'revoke all') {
    const filter = filterOf(search);
    question = (
      <BulkRevokeDialog which={conditionsOf(filter, now)} words={allWords(filter)} onClose={onClose} />
    );
  }
  if (asked === 'rerun marked') question = <BulkRerunDialog uuids={uuids} onClose={onClose} />;
  return <Suspense fallback={null}>{question}</Suspense>;
}

/** The time at which something became what it is. */
function useNow(of: unknown, now: () => number): readonly [number] {
  const [seen, setSeen] = useState(() => ({ of, at: now() }));
  if (seen.of !== of) {
    const next = { of, at: now() };
    setSeen(next);
    return [next.at];
  }
  return [seen.at];
}

function allWords(filter: TaskFilter): string {
  return conditions(filter) > 0 ? 'all tasks that the list fits' : 'all tasks: no filter is set';
}
