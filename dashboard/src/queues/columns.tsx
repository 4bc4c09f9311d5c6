import type { Queue } from '../api/types';
import type { Column } from '../components/table';
import { compact, exact, UNKNOWN } from '../format/number';
import { duration } from '../format/time';

type Figure = Exclude<keyof Queue, 'name' | 'by_priority' | 'unknown'>;

/** A figure of a queue; where the broker does not tell it, the reason for the dash. */
function Told({
  queue,
  field,
  text,
}: {
  readonly queue: Queue;
  readonly field: Figure;
  readonly text: string;
}) {
  const why = queue.unknown[field];
  const said = queue[field] === null ? (why ?? '') : exact(queue[field]);
  return (
    <span title={said} className={queue[field] === null ? 'soft' : undefined}>
      {text}
    </span>
  );
}

function count(id: Figure, header: string, width: number, wideOnly = false): Column<Queue> {
  return {
    id,
    header,
    width,
    align: 'end',
    wideOnly,
    cell: (queue) => <Told queue={queue} field={id} text={compact(queue[id])} />,
  };
}

function seconds(id: Figure, header: string, width: number, text: (queue: Queue) => string): Column<Queue> {
  return {
    id,
    header,
    width,
    align: 'end',
    wideOnly: true,
    cell: (queue) => <Told queue={queue} field={id} text={text(queue)} />,
  };
}

/** How long the oldest message has waited. */
export function waits({ oldest_age }: Queue): string {
  return oldest_age === 0 ? 'none' : duration(oldest_age);
}

/** The time to empty; a queue that grows never is. */
export function drains({ ready, drain_time, growth }: Queue): string {
  if (drain_time !== null) return drain_time === 0 ? 'empty' : duration(drain_time);
  return ready !== null && ready > 0 && growth !== null && growth > 0 ? 'grows' : UNKNOWN;
}

export const queueColumns: readonly Column<Queue>[] = [
  {
    id: 'name',
    header: 'Queue',
    width: 224,
    narrow: 152,
    grow: true,
    cell: ({ name }) => (
      <span className="cut" title={name} dir="auto">
        {name}
      </span>
    ),
  },
  count('ready', 'Ready', 88),
  count('unacknowledged', 'Unacknowledged', 136, true),
  count('consumers', 'Consumers', 96),
  seconds('oldest_age', 'Oldest', 96, waits),
  count('rate_in', 'In / s', 80, true),
  count('rate_out', 'Out / s', 80, true),
  seconds('drain_time', 'Empty in', 104, drains),
];
