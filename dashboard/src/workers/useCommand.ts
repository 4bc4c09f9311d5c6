import { useQueryClient } from '@tanstack/react-query';
import { type Answer, answerOf, type Told } from '../actions/answer';
import { part, sendJson } from '../api/send';

/** Gives a worker one of Flower's commands, and looks at it again afterwards. */
export function useCommand(name: string) {
  const look = useLookAgain(name);
  return async (path: string, body: object = {}): Promise<Answer> => {
    const told = await sendJson<Told>('POST', path, JSON.stringify(body));
    look();
    return answerOf(told);
  };
}

/** Asks for what the pages show of a worker anew. */
export function useLookAgain(name: string): () => void {
  const queries = useQueryClient();
  return () => {
    void queries.invalidateQueries({ queryKey: ['worker', name] });
    void queries.invalidateQueries({ queryKey: ['worker-pools'] });
  };
}

/** Path of a command to a worker. */
export function commandPath(command: string, name: string): string {
  return `api/worker/${command}/${part(name)}`;
}
