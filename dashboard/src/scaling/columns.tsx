import { CircleCheck, CirclePause, Eye, Hourglass, TriangleAlert } from 'lucide-react';
import { Badge } from '../components/Badge';
import { Cut } from '../components/Cut';
import type { Column } from '../components/table';
import { RelativeTime } from '../components/Time';
import { UNKNOWN } from '../format/number';
import { matchText, sizeText, type Standing, targetText } from './policies';
import type { PolicyItem } from './types';

/** A policy, and whether it is followed. */
export interface PolicyRow extends PolicyItem {
  readonly standing: Standing;
}

const LOOKS = {
  follows: { tone: 'success', shape: CircleCheck, word: 'Followed' },
  begins: { tone: 'pending', shape: Hourglass, word: 'Not decided yet' },
  blind: { tone: 'failure', shape: TriangleAlert, word: 'Waits' },
  dry: { tone: 'pending', shape: Eye, word: 'Dry run' },
  off: { tone: 'failure', shape: CirclePause, word: 'Off' },
} as const;

export function StandingBadge({ standing }: { readonly standing: Standing }) {
  const look = LOOKS[standing];
  return <Badge look={look} word={look.word} />;
}

export const policyColumns: readonly Column<PolicyRow>[] = [
  {
    id: 'name',
    header: 'Policy',
    width: 136,
    narrow: 112,
    grow: true,
    cell: ({ policy }) => <Cut text={policy.name} />,
  },
  {
    id: 'state',
    header: 'State',
    width: 144,
    cell: ({ standing }) => <StandingBadge standing={standing} />,
  },
  {
    id: 'size',
    header: 'Size',
    width: 72,
    align: 'end',
    cell: (item) => sizeText(item),
  },
  {
    id: 'enough',
    header: 'Enough',
    width: 72,
    align: 'end',
    cell: ({ state }) => state?.recommendation ?? UNKNOWN,
  },
  {
    id: 'bounds',
    header: 'Bounds',
    width: 80,
    align: 'end',
    cell: ({ policy }) => `${policy.min} to ${policy.max}`,
  },
  { id: 'target', header: 'Target', width: 152, wideOnly: true, cell: ({ policy }) => targetText(policy) },
  {
    id: 'match',
    header: 'For',
    width: 168,
    grow: true,
    wideOnly: true,
    cell: ({ policy }) => <Cut text={matchText(policy)} />,
  },
  { id: 'at', header: 'Decided', width: 96, cell: ({ state }) => <RelativeTime time={state?.at} /> },
  {
    id: 'why',
    header: 'Why',
    width: 240,
    grow: true,
    cell: ({ state }) => <Cut text={state?.why ?? UNKNOWN} />,
  },
];
