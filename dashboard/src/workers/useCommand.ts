import { useQueryClient } from '@tanstack/react-query';
import { type Answer, answerOf, type Told } from '../actions/answer';
import { part, sendJson } from '../api/send';
import { poolsQuery, workerDetailQuery } from './queries';

/** Gives a worker one of Flower's commands, and looks at it again afterwards. */
export function useCommand(name: string) {
  const look = useLookAgain(name);
  return async (path: string, body: object = {}): Promise<Answer> => {
    const told = await sendJson<Told>('POST', path, JSON.stringify(body));
    look();
    return answerOf(told);
  };
}

/** Asks the worker anew, however short ago it was asked, and then for what else the pages show of it. */
export function useLookAgain(name: string): () => void {
  const queries = useQueryClient();
  const look = async () => {
    const asked = workerDetailQuery(name, { maxAge: 0 });
    await queries.cancelQueries({ queryKey: asked.queryKey });
    // What goes wrong is the page's to show: it watches the same query.
    await queries.query({ ...asked, staleTime: 0 }).catch(() => undefined);
    await queries.invalidateQueries({ queryKey: poolsQuery.queryKey });
  };
  return () => void look();
}

/** Path of a command to a worker. */
export function commandPath(command: string, name: string): string {
  return `api/worker/${command}/${part(name)}`;
}
