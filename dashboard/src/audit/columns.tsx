import { Cut } from '../components/Cut';
import type { Column } from '../components/table';
import { RelativeTime } from '../components/Time';
import { actionText, type AuditEntry, isDone } from './entries';
import { CircleCheck, CircleX } from 'lucide-react';

function Outcome({ entry }: { readonly entry: AuditEntry }) {
  const done = isDone(entry);
  const Shape = done ? CircleCheck : CircleX;
  return (
    <span className="badge" data-tone={done ? 'success' : 'failure'}>
      <Shape size={14} aria-hidden="true" />
      <span className="badge-word" title={`HTTP status ${entry.status}`}>
        {done ? 'Done' : entry.status === 403 ? 'Refused' : 'Failed'}
      </span>
    </span>
  );
}

export const auditColumns: readonly Column<AuditEntry>[] = [
  { id: 'at', header: 'When', width: 104, narrow: 92, cell: ({ at }) => <RelativeTime time={at} /> },
  { id: 'user', header: 'Who', width: 136, narrow: 88, cell: ({ user }) => <Cut text={user} /> },
  {
    id: 'action',
    header: 'What',
    width: 280,
    narrow: 216,
    grow: true,
    cell: (entry) => <Cut text={actionText(entry)} title={`${entry.method} ${entry.path}`} />,
  },
  {
    id: 'detail',
    header: 'With',
    width: 184,
    grow: true,
    wideOnly: true,
    cell: ({ detail }) => <Cut text={detail} />,
  },
  { id: 'done', header: 'Outcome', width: 104, cell: (entry) => <Outcome entry={entry} /> },
  {
    id: 'outcome',
    header: 'What came of it',
    width: 184,
    grow: true,
    wideOnly: true,
    cell: ({ outcome }) => <Cut text={outcome} />,
  },
  { id: 'role', header: 'Role', width: 88, wideOnly: true, cell: ({ role }) => role },
  {
    id: 'address',
    header: 'From',
    width: 128,
    wideOnly: true,
    cell: ({ address }) => <Cut text={address} />,
  },
];
