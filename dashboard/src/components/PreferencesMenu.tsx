import { Menu } from '@base-ui/react/menu';
import { Check, Contrast } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { THEMES, ZONES } from '../app/preferences';
import { useServices } from '../app/services';
import { useShortcuts } from '../app/shortcuts';
import type { Store } from '../app/store';

const THEME_WORDS = { system: 'As the system', light: 'Light', dark: 'Dark' } as const;
const ZONE_WORDS = { local: 'Time of this browser', utc: 'UTC' } as const;
const KEY_WORDS = { on: 'On', off: 'Off' } as const;

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly store: Store<Value>;
  readonly words: Readonly<Record<Value, string>>;
}

function Choice<Value extends string>({ label, store, words }: ChoiceProps<Value>) {
  const value = useSyncExternalStore(store.subscribe, store.get);
  return (
    <Menu.Group>
      <Menu.GroupLabel className="popup-label">{label}</Menu.GroupLabel>
      <Menu.RadioGroup value={value} onValueChange={(next) => store.set(next as Value)}>
        {Object.entries<string>(words).map(([option, word]) => (
          <Menu.RadioItem key={option} value={option} className="popup-item">
            <Menu.RadioItemIndicator>
              <Check size={14} aria-hidden="true" />
            </Menu.RadioItemIndicator>
            <span>{word}</span>
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
    </Menu.Group>
  );
}

/** Theme, time zone and single keys; `t` goes to the next theme, `z` to the next zone. */
export function PreferencesMenu() {
  const { preferences } = useServices();
  useShortcuts({ t: () => next(preferences.theme, THEMES), z: () => next(preferences.zone, ZONES) });
  return (
    <Menu.Root>
      <Menu.Trigger className="icon-button" aria-label="Theme and time zone" title="Theme and time zone">
        <Contrast size={16} aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} align="end" className="popup-layer">
          <Menu.Popup className="popup">
            <Choice label="Theme" store={preferences.theme} words={THEME_WORDS} />
            <Choice label="Times" store={preferences.zone} words={ZONE_WORDS} />
            <Choice label="Single keys" store={preferences.shortcuts} words={KEY_WORDS} />
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function next<Value>(store: Store<Value>, values: readonly Value[]): void {
  const following = values[(values.indexOf(store.get()) + 1) % values.length];
  if (following !== undefined) store.set(following);
}
