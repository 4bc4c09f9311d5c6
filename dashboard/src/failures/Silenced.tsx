import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRefusal } from '../api/me';
import { Refused } from '../components/Form';
import { RelativeTime } from '../components/Time';
import { compact, count } from '../format/number';
import { fileText } from './order';
import { lift, type Quiet } from './silences';
import './Silenced.css';

/** What is silenced, folded away below the list; each with who, why and until when. */
export function Silenced({ quiet }: { readonly quiet: readonly Quiet[] }) {
  const queries = useQueryClient();
  const refused = useRefusal('control');
  const action = useMutation({
    mutationFn: lift,
    onSuccess: () =>
      Promise.all(['failures', 'silences'].map((key) => queries.invalidateQueries({ queryKey: [key] }))),
  });
  if (quiet.length === 0) return null;
  return (
    <details className="silenced">
      <summary>{count(quiet.length, 'silenced kind')} of failure</summary>
      {refused !== null && <p className="soft">To lift a silence: {refused}</p>}
      <Refused error={action.error} />
      <ul>
        {quiet.map((one) => (
          <Line
            key={one.silence.id}
            {...one}
            disabled={refused !== null || action.isPending}
            why={refused ?? undefined}
            onLift={() => action.mutate(one.silence.id)}
          />
        ))}
      </ul>
    </details>
  );
}

interface LineProps extends Quiet {
  readonly disabled: boolean;
  readonly why: string | undefined;
  readonly onLift: () => void;
}

function Line({ silence, group, disabled, why, onLift }: LineProps) {
  const { name, exception, file, function: within, reason, user, until } = silence;
  const what = exception || group?.message || 'No exception told';
  const place = file === null ? '' : `, ${fileText(file)} in ${within ?? ''}`;
  return (
    <li>
      <span>
        <b dir="auto" title={group?.message ?? what}>
          {what}
        </b>
        <span className="soft" dir="auto" title={file ?? undefined}>
          {name ?? 'Name not seen'}
          {place}
        </span>
      </span>
      <span className="silenced-reason" dir="auto">
        {reason}
      </span>
      <span className="silenced-end">
        <span title={user} dir="auto">
          by {user}
        </span>
        <span className="soft">
          ends <RelativeTime time={until} />,{' '}
          {group === null ? 'did not fail in this time' : `failed ${compact(group.n)} times`}
        </span>
      </span>
      <button
        type="button"
        className="button"
        disabled={disabled}
        title={why}
        aria-label={`Lift the silence of ${what}`}
        onClick={onLift}
      >
        Lift
      </button>
    </li>
  );
}
