import { Action } from '../actions/Action';
import { commandPath, useCommand } from './useCommand';

/** Ends a worker: for administrators, as nothing here can start it again. */
export function ShutdownControl({ name }: { readonly name: string }) {
  const command = useCommand(name);
  return (
    <Action
      label={`Shut down ${name}`}
      short="Shut down"
      permission="administer"
      danger
      run={() => command(commandPath('shutdown', name))}
    >
      <p>
        It takes no more tasks, finishes those that it runs, and ends. What it has reserved goes back to the
        queue.
      </p>
      <p>This can’t be undone from here: who started the worker must start it again, or Kubernetes does.</p>
    </Action>
  );
}
