import { lazy, Suspense, useState } from 'react';
import { type Me, refusal, useMe } from '../api/me';
import type { TaskDetail } from '../api/types';
import { useShortcuts } from '../app/shortcuts';
import { type Kind, pointless, WORDING } from './actions/ending';

const EndDialog = lazy(async () => ({ default: (await import('./actions/EndDialog')).EndDialog }));
const RerunDialog = lazy(async () => ({ default: (await import('./actions/RerunDialog')).RerunDialog }));

const KINDS: readonly Kind[] = ['revoke', 'terminate', 'abort'];

/** What can be done with a task. What can't stays to be seen, with the reason and with who may. */
export function TaskActions({ task }: { readonly task: TaskDetail }) {
  const me = useMe();
  const [asked, setAsked] = useState<Kind | 'rerun' | null>(null);
  const close = () => setAsked(null);
  const reasons = reasonsOf(me, task);
  const ask = (what: Kind | 'rerun') => reasons[what] === null && setAsked(what);
  useShortcuts({ e: () => ask('revoke'), T: () => ask('terminate'), R: () => ask('rerun') });
  return (
    <div className="task-actions" role="group" aria-label="Actions">
      {KINDS.map((kind) => (
        <button
          key={kind}
          type="button"
          className="button"
          disabled={reasons[kind] !== null}
          title={reasons[kind] ?? undefined}
          onClick={() => ask(kind)}
        >
          {WORDING[kind].verb} …
        </button>
      ))}
      <button
        type="button"
        className="button"
        disabled={reasons.rerun !== null}
        title={reasons.rerun ?? undefined}
        onClick={() => ask('rerun')}
      >
        Run again …
      </button>
      {me !== undefined && <Why reasons={reasons} />}
      <Suspense fallback={null}>
        {asked === 'rerun' && <RerunDialog task={task} onClose={close} />}
        {asked !== null && asked !== 'rerun' && <EndDialog kind={asked} task={task} onClose={close} />}
      </Suspense>
    </div>
  );
}

type Reasons = Readonly<Record<Kind | 'rerun', string | null>>;

function reasonsOf(me: Me | undefined, task: TaskDetail): Reasons {
  const control = refusal(me, 'control');
  const of = (kind: Kind) => control ?? pointless(kind, task.state, me?.results ?? false);
  return {
    revoke: of('revoke'),
    terminate: of('terminate'),
    abort: of('abort'),
    rerun: refusal(me, 'publish'),
  };
}

/** Each reason once, with what it is the reason for: a title alone is seen by a mouse only. */
function Why({ reasons }: { readonly reasons: Reasons }) {
  const words = { revoke: 'revoke', terminate: 'terminate', abort: 'abort', rerun: 'run again' };
  const grouped = new Map<string, string[]>();
  for (const [what, word] of Object.entries(words)) {
    const reason = reasons[what as keyof Reasons];
    if (reason !== null) grouped.set(reason, [...(grouped.get(reason) ?? []), word]);
  }
  return [...grouped].map(([reason, whats]) => (
    <p key={reason} className="task-actions-why">
      Not possible ({whats.join(', ')}): {reason}
    </p>
  ));
}
