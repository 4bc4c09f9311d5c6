import type { Clause } from '../monitor/health';
import { count } from '../format/number';
import type { Check, Status } from './types';

/** What is wrong, in one sentence. */
export function verdict(checks: readonly Check[]): readonly Clause[] {
  const of = (status: Status) => checks.filter((check) => check.status === status).length;
  const failed = of('failed');
  const warnings = of('warning');
  const well: Clause = { tone: 'success', text: `${count(of('ok'), 'check')} well` };
  return [
    ...(failed > 0 ? [{ tone: 'failure', text: `${count(failed, 'check')} failed` } as const] : []),
    ...(warnings > 0 ? [{ tone: 'retry', text: count(warnings, 'warning') } as const] : []),
    well,
  ];
}

/** The checks where they were when the reader last asked for them; what is new comes last. */
export function inPlace(order: readonly string[], checks: readonly Check[]): readonly Check[] {
  const place = ({ id }: Check) => (order.includes(id) ? order.indexOf(id) : order.length);
  return [...checks].sort((one, other) => place(one) - place(other));
}
