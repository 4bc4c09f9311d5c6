import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useActions } from '../palette/actions';
import { type Command, fitting } from '../palette/commands';
import { Palette } from '../palette/Palette';
import { keyOf } from './fleet';
import { fleetQuery } from './queries';
import { type FleetSearch, rangeOf } from './search';
import { pageOf } from './ways';

interface PaletteProps {
  readonly onClose: () => void;
}

/** The fleet's pages and each monitor by its name, with the range of the page; and a search by what else was typed. */
export default function FleetPalette({ onClose }: PaletteProps) {
  const search: FleetSearch = useSearch({ strict: false });
  const monitors = useQuery(fleetQuery).data?.items ?? [];
  const actions = useActions();
  const page = usePage();
  const range = rangeOf(search);
  const known: Command[] = [
    page('page', 'Monitors', '/', range),
    page('page', 'Map of the monitors', '/', { ...range, view: 'map' }),
    page('page', 'Compare two monitors', '/compare', range),
    ...monitors.map((monitor) => ({
      what: 'monitor',
      label: keyOf(monitor),
      run: () => window.location.assign(pageOf(monitor, range)),
    })),
    ...actions,
  ];
  const everywhere = (text: string) =>
    page('search', `“${text}” in tasks and workers of all monitors`, '/', {
      ...range,
      search: text,
      look: 'everywhere',
    });
  const offer = (raw: string) => {
    const text = raw.trim();
    return [...fitting(known, text), ...(text === '' ? [] : [everywhere(text)])];
  };
  return <Palette offer={offer} onClose={onClose} />;
}

function usePage() {
  const navigate = useNavigate();
  return (what: string, label: string, to: string, search: FleetSearch): Command => ({
    what,
    label,
    // The types of links are those of a monitor's pages (monitor/routes.ts).
    run: () => void navigate({ to: to as never, search: search as never }),
  });
}
