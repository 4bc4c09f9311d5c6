import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import {
  CalendarClock,
  ChartColumn,
  CircleX,
  Layers,
  ListChecks,
  Scaling,
  ScrollText,
  Server,
  Settings,
  Stethoscope,
} from 'lucide-react';
import { lazy, useEffect } from 'react';
import { useMe } from '../api/me';
import { useShortcuts } from '../app/shortcuts';
import { AppFrame } from '../components/AppFrame';
import type { HelpKey } from '../components/Help';
import { PaletteButton } from '../palette/PaletteButton';
import { exact, compact } from '../format/number';
import { FleetLink } from './FleetLink';
import { Header } from './Header';
import { Person } from './Person';
import { summaryQuery } from './queries';

/** Loaded when it is first opened. */
const MonitorPalette = lazy(() => import('./MonitorPalette'));

const KEYS: readonly HelpKey[] = [
  { keys: ['1', '2', '3'], what: 'Tasks, workers, queues' },
  { keys: ['4', '5', '6'], what: 'Overview, failures, audit' },
  { keys: ['7', '8', '9'], what: 'Doctor (why do I see nothing), settings, schedule' },
  { keys: ['s'], what: 'Scaling' },
  { keys: ['[', ']'], what: 'Earlier and later time range' },
  { keys: ['/'], what: 'Search in the tasks' },
  { keys: ['Space'], what: 'Preview the row beside the list; arrows, j and k move on with it' },
  { keys: ['→', '←'], what: 'Into the preview, and back to the list' },
  { keys: ['x', 'X'], what: 'Mark the row, mark up to it' },
  { keys: ['a'], what: 'Mark all rows that are loaded' },
  { keys: ['f', '0', '+', '-'], what: 'Workflow: failed path, fit all in, larger, smaller' },
  { keys: ['e', 'T', 'R'], what: 'Revoke, terminate, run again the task that is open' },
];

export function MonitorFrame() {
  const summary = useQuery(summaryQuery).data;
  const provider = useMe()?.session ?? false;
  const navigate = useNavigate();
  const name = summary?.monitor.name;
  const namespace = summary?.monitor.namespace;
  useShortcuts({
    1: () => void navigate({ to: '/tasks' }),
    2: () => void navigate({ to: '/workers' }),
    3: () => void navigate({ to: '/queues' }),
    4: () => void navigate({ to: '/overview' }),
    5: () => void navigate({ to: '/failures' }),
    6: () => void navigate({ to: '/audit' }),
    7: () => void navigate({ to: '/doctor' }),
    8: () => void navigate({ to: '/settings' }),
    9: () => void navigate({ to: '/schedule' }),
    s: () => void navigate({ to: '/scaling' }),
  });
  useEffect(() => {
    if (name !== undefined) document.title = [name, namespace].filter(Boolean).join(' · ');
  }, [name, namespace]);
  return (
    <AppFrame
      title={
        <>
          <span>{name ?? 'Monitor'}</span>
          {namespace && <span className="soft">{namespace}</span>}
        </>
      }
      navigation={
        <>
          <FleetLink />
          <Link to="/overview" search={{}} activeOptions={{ includeSearch: false }} title="Overview">
            <ChartColumn size={16} aria-hidden="true" />
            Overview
          </Link>
          <Link to="/tasks" search={{}} activeOptions={{ includeSearch: false }} title="Tasks">
            <ListChecks size={16} aria-hidden="true" />
            Tasks
            <span className="rail-count" title={exact(summary?.tasks.kept)}>
              {compact(summary?.tasks.kept)}
            </span>
          </Link>
          <Link to="/failures" search={{}} activeOptions={{ includeSearch: false }} title="Failures">
            <CircleX size={16} aria-hidden="true" />
            Failures
          </Link>
          <Link to="/workers" search={{}} activeOptions={{ includeSearch: false }} title="Workers">
            <Server size={16} aria-hidden="true" />
            Workers
            <span className="rail-count">{compact(summary?.workers.online)}</span>
          </Link>
          <Link to="/queues" title="Queues">
            <Layers size={16} aria-hidden="true" />
            Queues
          </Link>
          <Link to="/schedule" title="Schedule">
            <CalendarClock size={16} aria-hidden="true" />
            Schedule
          </Link>
          <Link to="/scaling" search={{}} activeOptions={{ includeSearch: false }} title="Scaling">
            <Scaling size={16} aria-hidden="true" />
            Scaling
          </Link>
          <Link to="/audit" search={{}} activeOptions={{ includeSearch: false }} title="Audit">
            <ScrollText size={16} aria-hidden="true" />
            Audit
          </Link>
          <Link to="/settings" search={{}} activeOptions={{ includeSearch: false }} title="Settings">
            <Settings size={16} aria-hidden="true" />
            Settings
          </Link>
          <Link to="/doctor" title="Doctor">
            <Stethoscope size={16} aria-hidden="true" />
            Doctor
          </Link>
        </>
      }
      keys={KEYS}
      palette={<PaletteButton>{(close) => <MonitorPalette onClose={close} />}</PaletteButton>}
      person={<Person />}
      provider={provider}
    >
      <Header />
      <Outlet />
    </AppFrame>
  );
}
