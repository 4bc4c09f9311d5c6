import { Link } from '@tanstack/react-router';
import { refusal, useMe } from '../api/me';

/** To who revoked it and the like, for who may read that: one that runs on after it was revoked looks like any other. */
export function AuditLink({ uuid }: { readonly uuid: string }) {
  const me = useMe();
  // Reading changes nothing: a monitor that is read only shows it too.
  if (me === undefined || refusal({ ...me, read_only: false }, 'administer') !== null) return null;
  return (
    <Link to="/audit" search={{ search: uuid }}>
      Who did what to it
    </Link>
  );
}
