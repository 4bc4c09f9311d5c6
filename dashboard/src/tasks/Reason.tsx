import { CircleX, RotateCw } from 'lucide-react';
import type { TaskDetail } from '../api/types';
import '../components/Badge.css';
import './Reason.css';

const LOOKS = {
  FAILURE: { tone: 'failure', shape: CircleX, words: 'It failed' },
  RETRY: { tone: 'retry', shape: RotateCw, words: 'It is retried' },
} as const;

/**
 * Why a task failed, or is tried again, before all else that is known of it: after nine retries the exception stands
 * some screens below, behind the attempts.
 */
export function Reason({ task: { state, exception } }: { readonly task: TaskDetail }) {
  if ((state !== 'FAILURE' && state !== 'RETRY') || !exception) return null;
  const { tone, shape: Shape, words } = LOOKS[state];
  return (
    <p className="reason" data-tone={tone}>
      <Shape size={16} aria-hidden="true" />
      <span className="reason-words">
        <b>{words}:</b>{' '}
        <span className="mono" dir="auto">
          {exception}
        </span>
      </span>
    </p>
  );
}
