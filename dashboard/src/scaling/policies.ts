import { UNKNOWN } from '../format/number';
import type { Policies, Policy, PolicyItem } from './types';

/** Whether a policy is followed, and if not why. */
export type Standing = 'off' | 'dry' | 'begins' | 'blind' | 'follows';

/** `readOnly`: the monitor changes nothing, so that each policy is a dry run. */
export function standingOf(item: PolicyItem, enabled: boolean, readOnly: boolean): Standing {
  if (!enabled) return 'off';
  if (item.policy.dryRun || readOnly) return 'dry';
  if (item.state === null) return 'begins';
  return item.state.recommendation === null ? 'blind' : 'follows';
}

/** Which workers it is for. */
export function matchText({ match: { queue, hostname } }: Policy): string {
  const named = hostname === null ? null : `named ${hostname}`;
  const consuming = queue === null ? null : `of queue ${queue}`;
  return ['workers', named, consuming].filter((part) => part !== null).join(' ');
}

const METRICS: Readonly<Record<Policy['metric'], (target: number) => string>> = {
  load: (target) => `${target} tasks a process`,
  ready: (target) => `${target} waiting a process`,
  oldest_age: (target) => `${target} s of waiting`,
};

/** What it aims at. */
export function targetText({ metric, target }: Policy): string {
  return METRICS[metric](target);
}

/** The sizes that the pools have: one number, or from the least to the most. */
export function sizeText({ state }: PolicyItem): string {
  const sizes = Object.values(state?.sizes ?? {});
  if (sizes.length === 0) return UNKNOWN;
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  return least === most ? String(least) : `${least} to ${most}`;
}

const RESULTS: readonly (readonly [string, string])[] = [
  ['grown', 'grown'],
  ['shrunk', 'shrunk'],
  ['pending', 'agreed to, and not there in time'],
  ['dry-run', 'would have been changed (dry run)'],
  ['vetoed', 'vetoed by the webhook'],
  ['limited', 'left for the next round'],
  ['refused', 'refused: all processes were busy'],
  ['silent', 'without an answer'],
  ['unable', 'that can’t be sized'],
  ['failed', 'not asked: the broker was away'],
  ['off', 'not asked: it was switched off or changed meanwhile'],
];

/** What came of its decisions, in words; pools, since the monitor started. */
export function resultTexts({ results }: PolicyItem): readonly string[] {
  return RESULTS.flatMap(([name, words]) => (results[name] ? [`${results[name]} ${words}`] : []));
}

/** What was left to say after somebody switched it: the file or a problem may hold it off all the same. */
export function switchedText({ enabled, problem }: Policies, wanted: boolean): string {
  if (enabled === wanted) return wanted ? 'Policies are followed again.' : 'No policy is followed any more.';
  return problem ?? 'The file of --autoscale-file says "enabled": false: put it right there.';
}
