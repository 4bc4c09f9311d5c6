import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { TaskDetail } from '../api/types';
import { StateBadge } from '../components/Badge';
import { Duration, ExactTime } from '../components/Time';
import { useTicking } from '../app/services';
import { type Attempt, attemptsOf, causeWord, ran, waited } from './attempts';
import { SETTLED } from './actions/ending';
import './AttemptList.css';

const STATES: Readonly<Record<string, string>> = {
  'task-succeeded': 'SUCCESS',
  'task-failed': 'FAILURE',
  'task-retried': 'RETRY',
  'task-revoked': 'REVOKED',
  'task-rejected': 'REJECTED',
};

/** Each run of a task: who had it, how long it waited and ran, and how it came to the next. */
export function AttemptList({ task }: { readonly task: TaskDetail }) {
  const attempts = attemptsOf(task.history);
  if (attempts.length === 0) return null;
  return (
    <section>
      <h2>Timeline</h2>
      <ol className="attempts">
        {attempts.map((attempt, index) => (
          <li key={index} className="attempt">
            <Heading
              attempt={attempt}
              number={index + 1}
              state={stateOf(attempt, task, index, attempts.length)}
            />
            <Bar attempt={attempt} running={isRunning(attempt, task, index === attempts.length - 1)} />
            <Moments attempt={attempt} runs={runs(attempt, task, index === attempts.length - 1)} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function isRunning(attempt: Attempt, task: TaskDetail, isLast: boolean): boolean {
  return isLast && attempt.started !== null && attempt.end === null && !SETTLED.has(task.state);
}

/** It runs, as far as is known: no end was seen, and nothing that was found out says that there was one. */
function runs(attempt: Attempt, task: TaskDetail, isLast: boolean): boolean {
  return isRunning(attempt, task, isLast) && (task.verdict === null || task.verdict.verdict === 'running');
}

/** How an attempt stands; null: its end was not seen, and another came after it. */
function stateOf(attempt: Attempt, task: TaskDetail, index: number, of: number): string | null {
  if (attempt.end !== null) return STATES[attempt.end] ?? null;
  return index === of - 1 ? task.state : null;
}

interface HeadingProps {
  readonly attempt: Attempt;
  readonly number: number;
  readonly state: string | null;
}

function Heading({ attempt, number, state }: HeadingProps) {
  return (
    <div className="attempt-head">
      <b>{causeWord(attempt, number)}</b>
      {state === null ? (
        <span className="badge" data-tone="lost">
          No end seen
        </span>
      ) : (
        <StateBadge state={state} />
      )}
      {attempt.worker !== null && (
        <Link to="/worker/$name" params={{ name: attempt.worker }} className="soft" dir="auto">
          {attempt.worker}
        </Link>
      )}
    </div>
  );
}

/** The parts of a bar that are worth to be seen at all, in percent. */
const LEAST = 2;

/** How long it waited and how long it ran, beside each other as they were. */
function Bar({ attempt, running }: { readonly attempt: Attempt; readonly running: boolean }) {
  const wait = waited(attempt);
  // Ticks only while it runs; the text is the part of the whole that it waited.
  const share = useTicking((now) => {
    const run = running && attempt.started !== null ? now - attempt.started : (ran(attempt) ?? 0);
    const whole = (wait ?? 0) + run;
    return whole > 0 ? String(Math.round((100 * (wait ?? 0)) / whole)) : '';
  });
  if (share === '') return null;
  const waitPart = wait === null ? 0 : Math.min(100 - LEAST, Math.max(LEAST, Number(share)));
  return (
    <svg className="attempt-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect className="attempt-wait" width={waitPart} height="6" />
      <rect
        className="attempt-run"
        x={waitPart}
        width={100 - waitPart}
        height="6"
        data-running={running ? '' : undefined}
      />
    </svg>
  );
}

function Moments({ attempt, runs }: { readonly attempt: Attempt; readonly runs: boolean }) {
  const { sent, received, started, ended, end } = attempt;
  const word = end === null ? '' : `${end.charAt(5).toUpperCase()}${end.slice(6)}`;
  const onWay = sent !== null && received !== null ? Math.max(0, received - sent) : null;
  const held = received !== null && started !== null ? Math.max(0, started - received) : null;
  return (
    <ul className="moments">
      {sent !== null && <Moment word="Sent" time={sent} />}
      {received !== null && (
        <Moment word="Received" time={received}>
          {onWay !== null && (
            <>
              <Duration seconds={onWay} /> in the queue
            </>
          )}
        </Moment>
      )}
      {started !== null && (
        <Moment word="Started" time={started}>
          {held !== null && (
            <>
              <Duration seconds={held} /> held by the worker
            </>
          )}
        </Moment>
      )}
      {started !== null && end === null && (
        <Moment word="Ended" time={null}>
          {runs ? 'not yet' : 'not seen'}
        </Moment>
      )}
      {ended !== null && (
        <Moment word={word} time={ended}>
          {ran(attempt) !== null && (
            <>
              ran <Duration seconds={ran(attempt)} />
            </>
          )}
        </Moment>
      )}
    </ul>
  );
}

interface MomentProps {
  readonly word: string;
  readonly time: number | null;
  readonly children?: ReactNode;
}

function Moment({ word, time, children }: MomentProps) {
  return (
    <li>
      <span>{word}</span>
      <span className="soft">{time === null ? '' : <ExactTime time={time} />}</span>
      <span className="soft">{children}</span>
    </li>
  );
}
