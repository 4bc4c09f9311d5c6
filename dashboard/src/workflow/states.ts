import { stateWord, toneOf } from '../components/Badge';
import type { WorkflowTask } from './types';

/** How the graph tells states apart: by colour, and by a shape in a box of 16 by 16, as the path of an SVG. */
export interface Look {
  readonly word: string;
  readonly shape: string;
}

/** By tone, those first that a person looks for. */
export const LOOKS = {
  failure: {
    word: 'failed',
    shape: 'M4.5 2 8 5.5 11.5 2 14 4.5 10.5 8 14 11.5 11.5 14 8 10.5 4.5 14 2 11.5 5.5 8 2 4.5Z',
  },
  lost: { word: 'lost', shape: 'M6.5 1h3v9h-3ZM6.5 12h3v3h-3Z' },
  retry: { word: 'in retry', shape: 'M8 2 15 14H1Z' },
  started: { word: 'started', shape: 'M3 2 14 8 3 14Z' },
  received: { word: 'received', shape: 'M1 4H15V12H1ZM4 7v2h8V7Z' },
  pending: { word: 'pending', shape: 'M2 6h3v4H2ZM6.5 6h3v4h-3ZM11 6h3v4h-3Z' },
  success: { word: 'succeeded', shape: 'M8 2A6 6 0 0 1 8 14 6 6 0 0 1 8 2Z' },
  revoked: { word: 'revoked or rejected', shape: 'M8 1 15 8 8 15 1 8Z' },
} as const satisfies Readonly<Record<string, Look>>;

export type Tone = keyof typeof LOOKS;
export const TONES = Object.keys(LOOKS) as readonly Tone[];

/** The tone of a task; one that was found to be lost has that of its own. */
export function toneOfTask({ state, verdict }: Pick<WorkflowTask, 'state' | 'verdict'>): Tone {
  if (verdict === 'lost') return 'lost';
  const tone = toneOf(state);
  return tone in LOOKS ? (tone as Tone) : 'pending';
}

/** Its state in words, as the graph's tone has it. */
export function wordOfTask({ state, verdict }: Pick<WorkflowTask, 'state' | 'verdict'>): string {
  return verdict === 'lost' ? `${stateWord(state)}, lost` : stateWord(state);
}

/** Its tone is what a person looks for: it went wrong. */
export function isFailed(tone: Tone): boolean {
  return tone === 'failure' || tone === 'lost';
}

/** Something will still be heard of it, as far as is known. */
export function isUnfinished({ state, verdict }: Pick<WorkflowTask, 'state' | 'verdict'>): boolean {
  return verdict !== 'lost' && !['SUCCESS', 'FAILURE', 'REVOKED', 'REJECTED'].includes(state);
}
