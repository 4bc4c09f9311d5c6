import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Action, Objection } from '../actions/Action';
import { ActingContext, useHeld } from '../actions/acting';
import { switchedText } from './policies';
import { policiesQuery, switchAll } from './queries';
import './Scaling.css';

/** Stops all policies at once, or lets them go on. */
export function Switch({ enabled }: { readonly enabled: boolean }) {
  const queries = useQueryClient();
  const [acting, setActing] = useState(false);
  // The question stays until it is closed, with what came of it.
  const shown = useHeld(enabled, acting);
  const turn = async (wanted: boolean) => {
    const found = await switchAll(wanted);
    queries.setQueryData(policiesQuery.queryKey, found);
    return { done: found.enabled === wanted, text: switchedText(found, wanted) };
  };
  return (
    <ActingContext value={setActing}>
      <div className="scaling-switch">
        <p role="status">{enabled ? 'Policies are followed.' : 'All policies are switched off.'}</p>
        {shown ? (
          <Action key="stop" label="Stop all policies" permission="control" danger run={() => turn(false)}>
            <p>No pool is sized any more until somebody lets them go on, also after a restart.</p>
            <p>Pools stay as they are now.</p>
          </Action>
        ) : (
          <Action key="go" label="Let policies go on" permission="control" run={() => turn(true)}>
            <p>Each begins with the sizes that it finds, and changes pools again by what it sees.</p>
          </Action>
        )}
        <Objection permission="control" />
      </div>
    </ActingContext>
  );
}
