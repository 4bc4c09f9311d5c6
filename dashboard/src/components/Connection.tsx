import { CircleCheck, LoaderCircle, Pause, Play, RefreshCw, Unplug } from 'lucide-react';
import { useEnded, useLiveState, useServices, useTicking } from '../app/services';
import { useShortcuts } from '../app/shortcuts';
import { duration, relative } from '../format/time';
import type { LiveState } from '../live/client';
import './Connection.css';

/** Seconds without a word after which what is shown counts as old. */
const STALE = 5;

function isStale(state: LiveState, now: number): boolean {
  if (state.phase === 'live' || state.heardAt === null) return false;
  return now - state.heardAt / 1000 > STALE;
}

/** Whether what is shown is old, because the connection is cut or paused. */
export function useStale(): boolean {
  const state = useLiveState();
  return useTicking(() => (isStale(state, Date.now() / 1000) ? 'stale' : '')) !== '';
}

const WORDS = {
  live: 'Live',
  connecting: 'Connecting',
  waiting: 'Disconnected',
  paused: 'Paused',
  denied: 'Logged out',
};
const SHAPES = {
  live: CircleCheck,
  connecting: LoaderCircle,
  waiting: Unplug,
  paused: Pause,
  denied: Unplug,
};
const TONES = {
  live: 'success',
  connecting: 'pending',
  waiting: 'failure',
  paused: 'pending',
  denied: 'failure',
};

function detail({ phase, heardAt, retryAt }: LiveState): string {
  const now = Date.now() / 1000;
  if (phase === 'live') return '';
  const age = heardAt === null ? '' : `data from ${relative(heardAt / 1000, now)}`;
  const next =
    retryAt === null ? '' : `next try in ${duration(Math.max(0, Math.ceil(retryAt / 1000 - now)))}`;
  return [age, next].filter(Boolean).join(', ');
}

/** Live, paused or cut: since when, and the button for the next step. */
export function ConnectionIndicator() {
  const { live, login } = useServices();
  const known = useEnded() === null;
  const heard = useLiveState();
  // A stream that was opened before outlives the login.
  const state = known ? heard : { ...heard, phase: 'denied' as const };
  const text = useTicking(() => detail(state));
  const paused = state.phase === 'paused';
  const toggle = () => (paused ? live.resume() : live.pause());
  useShortcuts({ p: toggle });
  const Shape = SHAPES[state.phase];
  return (
    <div className="connection">
      <span className="badge" data-tone={TONES[state.phase]} role="status" title={state.reason ?? undefined}>
        <Shape size={14} aria-hidden="true" />
        {WORDS[state.phase]}
      </span>
      {text && <span className="connection-detail soft">{text}</span>}
      {state.phase === 'waiting' && (
        <button type="button" className="button" aria-label="Try now" onClick={() => live.retryNow()}>
          <RefreshCw size={14} aria-hidden="true" />
          <span className="wide-only">Try now</span>
        </button>
      )}
      {state.phase === 'denied' && (
        <button
          type="button"
          className="button"
          onClick={() => (known ? window.location.reload() : login.tell(true))}
        >
          {known ? 'Reload to log in' : 'Log in'}
        </button>
      )}
      {(state.phase === 'live' || paused) && (
        <button
          type="button"
          className="icon-button"
          onClick={toggle}
          title={paused ? 'Resume (p)' : 'Pause (p)'}
          aria-label={paused ? 'Resume live updates' : 'Pause live updates'}
        >
          {paused ? <Play size={16} aria-hidden="true" /> : <Pause size={16} aria-hidden="true" />}
        </button>
      )}
    </div>
  );
}
