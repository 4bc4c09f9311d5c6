import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useAsked } from '../app/useAsked';
import { ApiError, getJson } from '../api/client';
import { refusal, useMe } from '../api/me';
import { useStale } from '../components/Connection';
import { FilterSelect, SearchBox } from '../components/FilterBar';
import { Empty, Failure, Skeleton } from '../components/States';
import { Access } from './Access';
import { CeleryPart, Options } from './Options';
import { groupsOf, type Search } from './options';
import type { Settings } from './types';
import './SettingsPage.css';

const route = getRouteApi('/settings');
const CHANGED = [
  { value: null, label: 'All options' },
  { value: 'yes', label: 'Only what is set' },
];

/** The configuration that holds, who may come in, and by what. */
export function SettingsPage() {
  const me = useMe();
  // Reading it changes nothing: a monitor that is read only shows it too.
  const why = me && refusal({ ...me, read_only: false }, 'administer');
  const { data, error, refetch } = useAsked({
    queryKey: ['settings'],
    enabled: why === null,
    queryFn: ({ signal }) => getJson<Settings>('api/v1/settings', {}, signal),
  });
  const stale = useStale() || error !== null;
  const refused = error instanceof ApiError && error.status === 403 ? error.message : null;
  if (why ?? refused)
    return (
      <Empty
        title="The settings are not for you"
        why={`They tell how this monitor is set up, and who may come in. ${why ?? refused ?? ''}`}
      />
    );
  if (data !== undefined) return <Parts settings={data} stale={stale} />;
  if (error) return <Failure what="The settings" error={error} retry={() => void refetch()} />;
  return <Skeleton rows={16} label="the settings" />;
}

function Parts({ settings, stale }: { readonly settings: Settings; readonly stale: boolean }) {
  const search: Search = route.useSearch();
  const navigate = useNavigate({ from: '/settings' });
  const change = (next: Search) => void navigate({ search: (old) => ({ ...old, ...next }) });
  const groups = groupsOf(settings.options, search);
  return (
    <>
      <h1 className="visually-hidden">Settings</h1>
      <div className="filters">
        <SearchBox
          label="Option, value or variable"
          value={search.search}
          onChange={(text) => change({ search: text })}
        />
        <FilterSelect
          label="All options"
          options={CHANGED}
          value={search.changed}
          onChange={(changed) => change({ changed: changed === 'yes' ? changed : undefined })}
        />
      </div>
      <div className="settings" data-stale={stale ? '' : undefined}>
        {groups.map((group) => (
          <Options key={group.name} group={group} />
        ))}
        {groups.length === 0 && (
          <Empty
            title="No option matches"
            why={`Of ${settings.options.length} options none has this in its name, value or variable.`}
            action={
              <button type="button" className="button" onClick={() => void navigate({ search: {} })}>
                Clear the filters
              </button>
            }
          />
        )}
        <CeleryPart celery={settings.celery} />
        <Access settings={settings} />
        <p className="soft">
          Options are set where the monitor is started; it reads them once. <code>flower-monitor config</code>{' '}
          prints the same.
        </p>
      </div>
    </>
  );
}
