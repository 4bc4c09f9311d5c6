import { Link } from '@tanstack/react-router';
import {
  CircleAlert,
  CircleCheck,
  CirclePlus,
  CircleSlash,
  CircleX,
  type LucideIcon,
  RotateCw,
} from 'lucide-react';
import { RelativeTime } from '../components/Time';
import type { Change, Target } from './changes';

const SHAPES: Readonly<Record<Change['tone'], LucideIcon>> = {
  lost: CircleAlert,
  failure: CircleX,
  retry: RotateCw,
  pending: CircleSlash,
  success: CirclePlus,
};

/** Changes shown: the rest is counted. */
const SHOWN = 12;

function Where({ target, text }: { readonly target: Target | null; readonly text: string }) {
  if (target === null) return text;
  if (target.to === 'queues')
    return (
      <Link to="/queues" search={{ queue: target.name }}>
        {text}
      </Link>
    );
  if (target.to === 'task')
    return (
      <Link to="/task/$uuid" params={{ uuid: target.uuid }}>
        {text}
      </Link>
    );
  return (
    <Link to="/worker/$name" params={{ name: target.name }}>
      {text}
    </Link>
  );
}

/** What changed in the range, newest first. */
export function Changes({ changes }: { readonly changes: readonly Change[] }) {
  if (changes.length === 0)
    return (
      <p className="changes-none soft">
        <CircleCheck size={14} aria-hidden="true" /> Nothing: no worker came or went, nothing new fails, all
        was seen.
      </p>
    );
  return (
    <>
      <ul className="changes">
        {changes.slice(0, SHOWN).map((change) => {
          const Shape = SHAPES[change.tone];
          return (
            <li key={change.key}>
              <span className="badge" data-tone={change.tone}>
                <Shape size={14} aria-hidden="true" />
                {change.word}
              </span>
              <span className="change-text" title={change.text} dir="auto">
                <Where target={change.target} text={change.text} />
              </span>
              <span className="change-when soft">
                {change.at === null ? 'now' : <RelativeTime time={change.at} />}
              </span>
            </li>
          );
        })}
      </ul>
      {changes.length > SHOWN && <p className="soft">and {changes.length - SHOWN} older changes</p>}
    </>
  );
}
