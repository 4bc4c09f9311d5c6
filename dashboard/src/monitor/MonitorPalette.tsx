import { useQuery } from '@tanstack/react-query';
import { type NavigateOptions, useNavigate } from '@tanstack/react-router';
import { browserStorage } from '../app/preferences';
import { parseSearch } from '../app/search';
import { useActions } from '../palette/actions';
import { type Command, fitting } from '../palette/commands';
import { Palette } from '../palette/Palette';
import { COMMON, readViews } from '../tasks/views';
import { queuesQuery, taskNamesQuery, workersQuery } from './queries';

const PAGES = [
  ['Overview', { to: '/overview', search: {} }],
  ['Tasks', { to: '/tasks', search: {} }],
  ['Failures', { to: '/failures', search: {} }],
  ['Workers', { to: '/workers', search: {} }],
  ['Queues', { to: '/queues', search: {} }],
  ['Schedule', { to: '/schedule' }],
  ['Scaling', { to: '/scaling', search: {} }],
  ['Audit', { to: '/audit', search: {} }],
  ['Settings', { to: '/settings', search: {} }],
  ['Doctor: why do I see nothing', { to: '/doctor' }],
] as const;

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

interface PaletteProps {
  readonly onClose: () => void;
}

/** Everything of a monitor by its name, and a search in its tasks by what else was typed. */
export default function MonitorPalette({ onClose }: PaletteProps) {
  const navigate = useNavigate();
  const way = (what: string, label: string, to: NavigateOptions): Command => ({
    what,
    label,
    run: () => void navigate(to),
  });
  const known = [...useThings(way), ...useActions()];
  const typed = (text: string) =>
    UUID.test(text)
      ? [way('task', text, { to: '/task/$uuid', params: { uuid: text } })]
      : [way('search', `Tasks with “${text}”`, { to: '/tasks', search: { search: text } })];
  const offer = (raw: string) => {
    const text = raw.trim();
    return [...fitting(known, text), ...(text === '' ? [] : typed(text))];
  };
  return <Palette offer={offer} onClose={onClose} />;
}

type Way = (what: string, label: string, to: NavigateOptions) => Command;

/** Pages, views, and what the monitor knows by name. */
function useThings(way: Way): Command[] {
  const workers = useQuery(workersQuery).data?.items ?? [];
  const queues = useQuery(queuesQuery).data?.items ?? [];
  const names = useQuery(taskNamesQuery).data?.items ?? [];
  return [
    ...PAGES.map(([label, to]) => way('page', label, to)),
    ...[...COMMON, ...readViews(browserStorage())].map(({ name, search }) =>
      way('view', name, { to: '/tasks', search: parseSearch(search) }),
    ),
    ...workers.map(({ hostname }) =>
      way('worker', hostname, { to: '/worker/$name', params: { name: hostname } }),
    ),
    ...queues.map(({ name }) => way('queue', name, { to: '/queues', search: { queue: name } })),
    ...names.map((name) => way('tasks', name, { to: '/tasks', search: { name } })),
  ];
}
