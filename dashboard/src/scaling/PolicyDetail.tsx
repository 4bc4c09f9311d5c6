import { Link } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { useEffect, useId, useRef } from 'react';
import { refusal, useMe } from '../api/me';
import { type Fact, Facts } from '../components/Facts';
import '../components/PlainTable.css';
import { ExactTime } from '../components/Time';
import { UNKNOWN } from '../format/number';
import { duration } from '../format/time';
import { type PolicyRow, StandingBadge } from './columns';
import { matchText, resultTexts, targetText } from './policies';
import type { Decided } from './types';
import './Scaling.css';

interface DetailProps {
  readonly row: PolicyRow;
  readonly onClose: () => void;
}

/** One policy, below the table that it was opened in. */
export function PolicyDetail({ row, onClose }: DetailProps) {
  const heading = useId();
  const section = useRef<HTMLElement>(null);
  const { policy, state, standing } = row;
  // On a narrow page it would open out of sight.
  useEffect(() => {
    section.current?.scrollIntoView({ block: 'nearest' });
  }, [policy.name]);
  return (
    <section ref={section} className="policy-detail" aria-labelledby={heading}>
      <div className="policy-head">
        <h2 id={heading} title={policy.name}>
          {policy.name}
        </h2>
        <StandingBadge standing={standing} />
        <button type="button" className="icon-button" aria-label={`Close ${policy.name}`} onClick={onClose}>
          <X size={16} aria-hidden="true" />
        </button>
      </div>
      <Latest state={state} />
      <Facts facts={factsOf(row)} />
      {state !== null && <Workers state={state} />}
      <Done row={row} />
    </section>
  );
}

/** The last decision, in the server's words: what it saw, what follows, and what it is kept from by. */
function Latest({ state }: { readonly state: Decided | null }) {
  if (state === null) return <p className="soft">Nothing was decided yet, or policies are switched off.</p>;
  return (
    <p dir="auto">
      {state.why}{' '}
      <span className="soft">
        (<ExactTime time={state.at} />)
      </span>
    </p>
  );
}

function factsOf({ policy, source, state }: PolicyRow): Fact[] {
  const { up, down } = policy.stabilizationSeconds;
  return [
    { name: 'For', value: matchText(policy) },
    { name: 'Target', value: targetText(policy) },
    { name: 'Bounds of a pool', value: `${policy.min} to ${policy.max}` },
    { name: 'Size that it holds', value: state?.level ?? UNKNOWN },
    { name: 'Would be enough now', value: state?.recommendation ?? UNKNOWN },
    { name: 'Grows by, at a time', value: policy.scaleUpStep ?? 'any' },
    { name: 'Shrinks by, at a time', value: policy.scaleDownStep },
    { name: 'More has to be right for', value: duration(up) },
    { name: 'Less has to be right for', value: duration(down) },
    { name: 'Between two changes', value: duration(policy.cooldown) },
    { name: 'Stands in', value: source === 'file' ? 'the file of --autoscale-file' : 'the monitor (API)' },
  ];
}

function Workers({ state: { sizes, left } }: { readonly state: Decided }) {
  const rows = [
    ...Object.entries(sizes).map(([host, size]) => [host, String(size)] as const),
    ...Object.entries(left).map(([host, why]) => [host, `left alone: ${why}`] as const),
  ];
  if (rows.length === 0) return <p className="soft">It fits no worker that is online.</p>;
  return (
    <table className="plain-table">
      <caption className="visually-hidden">Workers that it fits</caption>
      <thead>
        <tr>
          <th scope="col">Worker</th>
          <th scope="col">Size of its pool</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([host, words]) => (
          <tr key={host}>
            <th scope="row">
              <Link to="/worker/$name" params={{ name: host }} dir="auto">
                {host}
              </Link>
            </th>
            <td>{words}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What came of its decisions, and where each of them is written down. */
function Done({ row }: { readonly row: PolicyRow }) {
  const me = useMe();
  const done = resultTexts(row);
  // Reading changes nothing: a monitor that is read only shows it too.
  const refused = refusal(me && { ...me, read_only: false }, 'administer');
  return (
    <p>
      {done.length === 0
        ? 'No pool was changed since the monitor started.'
        : `Pools since the monitor started: ${done.join('; ')}.`}{' '}
      {refused === null ? (
        <Link to="/audit" search={{ search: `autoscale:${row.policy.name}` }}>
          Each change in the audit
        </Link>
      ) : (
        <span className="soft">The audit has each change. {refused}</span>
      )}
    </p>
  );
}
