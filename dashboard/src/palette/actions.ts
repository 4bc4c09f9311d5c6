import { THEMES, ZONES } from '../app/preferences';
import { useServices } from '../app/services';
import type { Command } from './commands';

const THEME_WORDS = { system: 'Theme: as the system', light: 'Theme: light', dark: 'Theme: dark' } as const;
const ZONE_WORDS = { local: 'Times: of this browser', utc: 'Times: UTC' } as const;

/** What can be done on every page. */
export function useActions(): Command[] {
  const { live, preferences } = useServices();
  const paused = live.snapshot().phase === 'paused';
  return [
    {
      what: 'action',
      label: paused ? 'Resume live updates' : 'Pause live updates',
      run: () => (paused ? live.resume() : live.pause()),
    },
    ...THEMES.map((theme) => ({
      what: 'action',
      label: THEME_WORDS[theme],
      run: () => preferences.theme.set(theme),
    })),
    ...ZONES.map((zone) => ({
      what: 'action',
      label: ZONE_WORDS[zone],
      run: () => preferences.zone.set(zone),
    })),
  ];
}
