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

/** How a state looks: its colour, as `data-tone` has it, and its shape. */
export interface Look {
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

/** A shape and a word, in a colour: none of the three alone carries what is meant. */
export function Badge({ look, word }: { readonly look: Look; readonly word: string }) {
  return (
    <span className="badge" data-tone={look.tone}>
      <look.shape size={14} aria-hidden="true" />
      <span className="badge-word" title={word}>
        {word}
      </span>
    </span>
  );
}

interface StateBadgeProps {
  readonly state: string;
  readonly of?: keyof typeof LOOKS;
  readonly word?: string;
}

/** A state of a task, a worker or the broker. */
export function StateBadge({ state, of = 'task', word = stateWord(state) }: StateBadgeProps) {
  return <Badge look={LOOKS[of][state] ?? CUSTOM} word={word} />;
}
