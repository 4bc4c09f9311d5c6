import { useQuery } from '@tanstack/react-query';
import { Link, type LinkProps } from '@tanstack/react-router';
import type { Queue, Summary } from '../api/types';
import type { Span } from '../app/range';
import { useAsked } from '../app/useAsked';
import { queuesQuery, summaryQuery } from '../monitor/queries';
import {
  backlogFigure,
  failedFigure,
  type Figure,
  lagFigure,
  seenFigure,
  throughputFigure,
  timeFigure,
  workersFigure,
} from './figures';
import { tasksBehind } from './links';
import type { History } from './types';

interface Shown {
  readonly label: string;
  readonly figure: Figure;
  /** What is behind the number. */
  readonly link: Pick<LinkProps, 'to' | 'search' | 'hash'>;
}

function ofRange(history: History, span: Span, now: number): Shown[] {
  const tasks = (filter = {}) => ({ to: '/tasks', search: tasksBehind(span, filter) }) as const;
  return [
    { label: 'Tasks a minute', figure: throughputFigure(history, now), link: tasks() },
    { label: 'Failed', figure: failedFigure(history), link: tasks({ state: ['FAILURE'] }) },
    { label: 'Waited, p95', figure: timeFigure(history, 'wait'), link: tasks({ sort: '-started' }) },
    { label: 'Ran, p95', figure: timeFigure(history, 'run'), link: tasks({ sort: '-runtime' }) },
  ];
}

function ofNow(summary: Summary, queues: readonly Queue[] | null | undefined): Shown[] {
  const workers = { to: '/workers', search: summary.workers.lost > 0 ? { state: 'lost' } : {} } as const;
  return [
    { label: 'Backlog now', figure: backlogFigure(queues), link: { to: '/queues' } },
    { label: 'Workers online', figure: workersFigure(summary), link: workers },
    { label: 'Lag now', figure: lagFigure(summary), link: { to: '/workers', search: {} } },
    { label: 'Seen, last hour', figure: seenFigure(summary), link: { to: '/overview', hash: 'changes' } },
  ];
}

interface FiguresProps {
  readonly history: History;
  readonly span: Span;
  readonly now: number;
  /** The numbers of the range are of another one, or old. */
  readonly stale: boolean;
}

/** The numbers that matter most, those of the range and then those of now; each leads to what is behind it. */
export function Figures({ history, span, now, stale }: FiguresProps) {
  const summary = useQuery(summaryQuery).data;
  const { data: queues, error } = useAsked(queuesQuery);
  const shown = [
    ...ofRange(history, span, now),
    ...(summary ? ofNow(summary, error === null ? queues?.items : null) : []),
  ];
  return (
    <div className="figures-room">
      <dl className="figures" data-stale={stale ? '' : undefined}>
        {shown.map(({ label, figure, link }) => (
          <div key={label} className="figure">
            <dt>{label}</dt>
            <dd>
              <Link
                {...link}
                className="figure-number"
                data-tone={figure.tone ?? undefined}
                title={figure.title}
              >
                {figure.text}
              </Link>
              <span className="figure-more" title={figure.more}>
                {figure.more}
              </span>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
