import type { Monitor } from '../api/types';
import { count } from '../format/number';

/** How well a monitor is, the worst first; a suspended one is well by somebody's wish. */
export const LEVELS = ['failing', 'doubtful', 'well', 'suspended'] as const;
export type Level = (typeof LEVELS)[number];

export interface Health {
  readonly level: Level;
  /** What there is to say of it, in a few words. */
  readonly word: string;
}

/** What to worry about though it is ready; null: nothing. */
function doubt({ observed, broker, summary }: Monitor): string | null {
  if (observed.stale) return observed.at === null ? 'Never heard' : 'Not heard lately';
  if ((summary?.broker.state ?? broker?.state) === 'disconnected') return 'No broker';
  const lost = summary?.workers.lost ?? 0;
  return lost > 0 ? `${count(lost, 'worker')} lost` : null;
}

export function healthOf(monitor: Monitor): Health {
  if (monitor.suspended) return { level: 'suspended', word: 'Suspended' };
  if (!monitor.ready) return { level: 'failing', word: monitor.reason ?? 'Not ready' };
  const word = doubt(monitor);
  return word === null ? { level: 'well', word: 'Ready' } : { level: 'doubtful', word };
}

/** A number to sort by: trouble first, and suspended ones among those that are well. */
export function trouble(monitor: Monitor): number {
  return Math.min(LEVELS.indexOf(healthOf(monitor).level), LEVELS.indexOf('well'));
}
