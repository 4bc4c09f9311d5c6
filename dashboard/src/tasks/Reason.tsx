import { Ban, CircleX, RotateCw, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import type { TaskDetail } from '../api/types';
import '../components/Badge.css';
import { whyRevoked } from './revoked';
import './Reason.css';

const LOOKS = {
  FAILURE: { tone: 'failure', shape: CircleX, words: 'It failed' },
  RETRY: { tone: 'retry', shape: RotateCw, words: 'It is retried' },
} as const;

/**
 * Why a task failed, is tried again or was revoked, before all else that is known of it: after nine retries the
 * exception stands some screens below, behind the attempts.
 */
export function Reason({ task }: { readonly task: TaskDetail }) {
  const { state, exception } = task;
  if (state === 'REVOKED') return <Revoked why={whyRevoked(task.history)} />;
  if ((state !== 'FAILURE' && state !== 'RETRY') || !exception) return null;
  const { tone, shape, words } = LOOKS[state];
  return (
    <Line tone={tone} shape={shape}>
      <b>{words}:</b>{' '}
      <span className="mono" dir="auto">
        {exception}
      </span>
    </Line>
  );
}

function Revoked({ why }: { readonly why: string | null }) {
  if (why === null) return null;
  return (
    <Line tone="revoked" shape={Ban}>
      <b>{why}</b>
    </Line>
  );
}

interface LineProps {
  readonly tone: string;
  readonly shape: LucideIcon;
  readonly children: ReactNode;
}

function Line({ tone, shape: Shape, children }: LineProps) {
  return (
    <p className="reason" data-tone={tone}>
      <Shape size={16} aria-hidden="true" />
      <span className="reason-words">{children}</span>
    </p>
  );
}
