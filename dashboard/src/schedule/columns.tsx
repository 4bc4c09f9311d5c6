import { CircleCheck, CircleDashed, TriangleAlert } from 'lucide-react';
import { Badge } from '../components/Badge';
import { Cut } from '../components/Cut';
import type { Column } from '../components/table';
import { RelativeTime } from '../components/Time';
import type { Entry } from './types';
import { whenWords } from './words';

const LOOKS = {
  missed: { tone: 'failure', shape: TriangleAlert, word: 'Missed' },
  seen: { tone: 'success', shape: CircleCheck, word: 'Seen' },
  unseen: { tone: 'pending', shape: CircleDashed, word: 'Not seen yet' },
} as const;

function Seen({ entry }: { readonly entry: Entry }) {
  const look = LOOKS[entry.missed ? 'missed' : entry.last === null ? 'unseen' : 'seen'];
  return <Badge look={look} word={look.word} />;
}

export const scheduleColumns: readonly Column<Entry>[] = [
  {
    id: 'name',
    header: 'Entry',
    width: 176,
    narrow: 136,
    grow: true,
    cell: ({ name }) => <Cut text={name} />,
  },
  { id: 'state', header: 'State', width: 144, cell: (entry) => <Seen entry={entry} /> },
  {
    id: 'when',
    header: 'Runs',
    width: 192,
    grow: true,
    cell: (entry) => <Cut text={whenWords(entry)} title={entry.raw} />,
  },
  { id: 'next', header: 'Due', width: 96, cell: ({ next }) => <RelativeTime time={next} /> },
  {
    id: 'last',
    header: 'Last seen',
    width: 104,
    cell: ({ last, shared }) => (
      <span title={shared ? 'Another entry sends the same task: this may be of that one' : undefined}>
        {shared && last !== null && '≈ '}
        <RelativeTime time={last} />
      </span>
    ),
  },
  { id: 'task', header: 'Task', width: 200, grow: true, cell: ({ task }) => <Cut text={task} /> },
  {
    id: 'with',
    header: 'With',
    width: 160,
    grow: true,
    wideOnly: true,
    cell: ({ args, kwargs }) => (
      <Cut text={[args, kwargs].filter((text) => !/^(\(\)|\{\})?$/.test(text)).join(' ')} />
    ),
  },
  {
    id: 'queue',
    header: 'Queue',
    width: 96,
    wideOnly: true,
    cell: ({ queue }) => <Cut text={queue ?? '–'} />,
  },
];
