import { exact } from '../format/number';
import type { GraphNode } from './nodes';
import { LOOKS, type Tone, TONES } from './states';

/** What the colours and shapes of the graph mean, with how many tasks have each. */
export function Legend({ nodes }: { readonly nodes: readonly GraphNode[] }) {
  const counted = countsOf(nodes);
  return (
    <ul className="workflow-legend" aria-label="States">
      {TONES.filter((tone) => counted.has(tone)).map((tone) => (
        <li key={tone} data-tone={tone}>
          <svg viewBox="0 0 16 16" width="12" height="12" aria-hidden="true">
            <path d={LOOKS[tone].shape} />
          </svg>
          {exact(counted.get(tone))} {LOOKS[tone].word}
        </li>
      ))}
    </ul>
  );
}

function countsOf(nodes: readonly GraphNode[]): ReadonlyMap<Tone, number> {
  const counted = new Map<Tone, number>();
  for (const { tally } of nodes)
    for (const [tone, number] of tally) counted.set(tone, (counted.get(tone) ?? 0) + number);
  return counted;
}
