import { Link } from '@tanstack/react-router';
import { TriangleAlert } from 'lucide-react';
import type { Queue } from '../api/types';
import type { Column } from '../components/table';
import { Sparkline } from '../failures/Sparkline';
import '../components/Badge.css';
import { compact, exact, UNKNOWN } from '../format/number';
import { duration } from '../format/time';
import { isAbandoned } from './abandoned';

/** A queue, with the messages that waited in it in equal parts of a range; null where nobody looked. */
export interface QueueItem extends Queue {
  readonly line: readonly (number | null)[];
}

type Figure = Exclude<keyof Queue, 'name' | 'by_priority' | 'unknown'>;

/** How many wait at each priority, where there are messages of more than one. */
export function priorities({ by_priority }: Pick<Queue, 'by_priority'>): readonly string[] {
  const waiting = Object.entries(by_priority ?? {}).filter(([, n]) => n > 0);
  return waiting.length > 1 ? waiting.map(([priority, n]) => `priority ${priority}: ${exact(n)}`) : [];
}

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
  const known = [exact(queue[field]), ...(field === 'ready' ? priorities(queue) : [])].join('\n');
  const said = queue[field] === null ? (why ?? '') : known;
  return (
    <span title={said} className={queue[field] === null ? 'soft' : undefined}>
      {text}
    </span>
  );
}

function count(id: Figure, header: string, width: number, wideOnly = false): Column<QueueItem> {
  return {
    id,
    header,
    width,
    align: 'end',
    wideOnly,
    cell: (queue) => <Told queue={queue} field={id} text={compact(queue[id])} />,
  };
}

function seconds(
  id: Figure,
  header: string,
  width: number,
  text: (queue: Queue) => string,
): Column<QueueItem> {
  return {
    id,
    header,
    width,
    align: 'end',
    wideOnly: true,
    cell: (queue) => <Told queue={queue} field={id} text={text(queue)} />,
  };
}

function Consumers({ queue }: { readonly queue: Queue }) {
  if (!isAbandoned(queue)) return <Told queue={queue} field="consumers" text={compact(queue.consumers)} />;
  return (
    <span className="badge" data-tone="failure" title="Messages wait, and no worker takes them">
      <TriangleAlert size={14} aria-hidden="true" />
      <span className="badge-word">none</span>
    </span>
  );
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

/** How many were ready over the range of the page. */
function Before({ line }: { readonly line: QueueItem['line'] }) {
  const known = line.filter((value) => value !== null);
  const title =
    known.length === 0 ? 'Nobody looked at it in this time' : `${compact(Math.max(...known))} at most`;
  return (
    <span title={title}>
      {known.length === 0 ? <span className="faint">{UNKNOWN}</span> : <Sparkline parts={line} plain />}
    </span>
  );
}

export const queueColumns: readonly Column<QueueItem>[] = [
  {
    id: 'name',
    header: 'Queue',
    width: 224,
    narrow: 152,
    grow: true,
    cell: ({ name }) => (
      <Link
        from="/queues"
        to="/queues"
        search={(old) => ({ ...old, queue: name })}
        className="cut"
        title={`How long it was: ${name}`}
        dir="auto"
      >
        {name}
      </Link>
    ),
  },
  count('ready', 'Ready', 88),
  {
    id: 'line',
    header: 'Was ready',
    width: 120,
    wideOnly: true,
    cell: ({ line }) => <Before line={line} />,
  },
  count('unacknowledged', 'Unacknowledged', 136, true),
  {
    id: 'consumers',
    header: 'Consumers',
    width: 96,
    align: 'end',
    cell: (queue) => <Consumers queue={queue} />,
  },
  seconds('oldest_age', 'Oldest', 112, waits),
  count('rate_in', 'In / s', 80, true),
  count('rate_out', 'Out / s', 80, true),
  seconds('drain_time', 'Empty in', 104, drains),
];
