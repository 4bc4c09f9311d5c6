import { type ReactNode, useSyncExternalStore } from 'react';
import { useServices } from '../app/services';
import { ConnectionIndicator } from './Connection';
import { Help, type HelpKey } from './Help';
import { LoggedOut } from './LoggedOut';
import { PreferencesMenu } from './PreferencesMenu';
import { Rail } from './Rail';
import './AppFrame.css';

interface AppFrameProps {
  /** What is shown: the monitor's name and namespace, or the cluster. */
  readonly title: ReactNode;
  readonly navigation: ReactNode;
  readonly keys: readonly HelpKey[];
  /** Opens everything by its name. */
  readonly palette: ReactNode;
  /** Who reads the page. */
  readonly person?: ReactNode;
  /** They came by a login provider. */
  readonly provider?: boolean;
  readonly children: ReactNode;
}

function useRail(): 'words' | 'icons' {
  const { rail } = useServices().preferences;
  return useSyncExternalStore(rail.subscribe, rail.get);
}

/** The rail with the pages, the bar with what is watched and whether it is live, and the page itself. */
export function AppFrame(props: AppFrameProps) {
  const { title, navigation, keys, palette, person, provider = false, children } = props;
  return (
    <div className="frame" data-rail={useRail()}>
      <button type="button" className="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the page
      </button>
      <header className="top-bar">
        <div className="top-title">{title}</div>
        <ConnectionIndicator />
        {palette}
        <PreferencesMenu />
        <Help keys={keys} />
        {person}
      </header>
      <Rail>{navigation}</Rail>
      <main className="page" id="main" tabIndex={-1}>
        {children}
      </main>
      <LoggedOut provider={provider} />
    </div>
  );
}
