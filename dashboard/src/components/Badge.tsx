import {
  Ban,
  Circle,
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleDot,
  CirclePlay,
  CircleSlash,
  CircleX,
  Inbox,
  LoaderCircle,
  type LucideIcon,
  RotateCw,
  Unplug,
} from 'lucide-react';
import './Badge.css';

interface Look {
  readonly tone: string;
  readonly shape: LucideIcon;
}

const TASK_LOOKS: Readonly<Record<string, Look>> = {
  SUCCESS: { tone: 'success', shape: CircleCheck },
  FAILURE: { tone: 'failure', shape: CircleX },
  RETRY: { tone: 'retry', shape: RotateCw },
  STARTED: { tone: 'started', shape: CirclePlay },
  RECEIVED: { tone: 'received', shape: Inbox },
  PENDING: { tone: 'pending', shape: CircleDashed },
  REVOKED: { tone: 'revoked', shape: Ban },
  REJECTED: { tone: 'revoked', shape: CircleSlash },
};
const CUSTOM: Look = { tone: 'pending', shape: CircleDot };

const WORKER_LOOKS: Readonly<Record<string, Look>> = {
  online: { tone: 'success', shape: CircleCheck },
  offline: { tone: 'pending', shape: Circle },
  lost: { tone: 'lost', shape: CircleAlert },
};

const BROKER_LOOKS: Readonly<Record<string, Look>> = {
  connected: { tone: 'success', shape: CircleCheck },
  connecting: { tone: 'retry', shape: LoaderCircle },
  disconnected: { tone: 'failure', shape: Unplug },
};

const LOOKS = { task: TASK_LOOKS, worker: WORKER_LOOKS, broker: BROKER_LOOKS } as const;

/** `FAILURE` as `Failure`; custom states keep their words, in the same form. */
export function stateWord(state: string): string {
  const words = state.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The colour of a task's state, as `data-tone` has it. */
export function toneOf(state: string): string {
  return (TASK_LOOKS[state] ?? CUSTOM).tone;
}

interface StateBadgeProps {
  readonly state: string;
  readonly of?: keyof typeof LOOKS;
  readonly word?: string;
}

/** A state as a shape and a word, in its colour: none of the three alone carries it. */
export function StateBadge({ state, of = 'task', word = stateWord(state) }: StateBadgeProps) {
  const look = LOOKS[of][state] ?? CUSTOM;
  return (
    <span className="badge" data-tone={look.tone}>
      <look.shape size={14} aria-hidden="true" />
      <span className="badge-word" title={word}>
        {word}
      </span>
    </span>
  );
}
