import { Facts } from '../components/Facts';
import { ExactTime } from '../components/Time';
import { duration } from '../format/time';
import { SettingsTable } from './SettingsTable';
import type { Settings, Token } from './types';

function scope({ role, permissions }: Token): string {
  return permissions === null ? role : `${role}, only ${permissions.join(', ')}`;
}

const KEYS = {
  configured: 'Set by --cookie-secret',
  kept: 'Made once, kept beside the store',
} as const;

/** How people stay logged in. Sessions are signed into cookies, so there is no list of them to show. */
function Sessions({ sessions }: { readonly sessions: Settings['sessions'] }) {
  if (sessions.provider === null || sessions.key === null)
    return (
      <p className="soft">
        No login provider is set: browsers send name and password with each request, and there are no sessions
        to end.
      </p>
    );
  return (
    <>
      <Facts
        facts={[
          { name: 'Login provider', value: sessions.provider },
          { name: 'A session lasts', value: duration(sessions.lasts) },
          { name: 'Key of the signatures', value: KEYS[sessions.key] },
        ]}
      />
      <p className="soft">
        Sessions are signed cookies that each browser keeps: the monitor has no list of them. To end all at
        once, change --cookie-secret, or delete the .key file beside the store, and restart it.
      </p>
    </>
  );
}

/** Who may come in, and how. */
export function Access({ settings }: { readonly settings: Settings }) {
  const { users, tokens, sessions } = settings;
  return (
    <>
      <section aria-label="People" className="settings-part">
        <h2>People</h2>
        {users.length > 0 && (
          <SettingsTable
            headings={['Name', 'Role', 'Password']}
            rows={users.map(({ name, role, hashed }) => ({
              name,
              cells: [role, hashed ? 'given as a hash' : 'given in the clear'],
            }))}
          />
        )}
        <Sessions sessions={sessions} />
      </section>
      <section aria-label="API tokens" className="settings-part">
        <h2>API tokens</h2>
        {tokens.length === 0 ? (
          <p className="soft">
            None. Make one with flower-monitor token NAME, and give the file of them with --token-file.
          </p>
        ) : (
          <SettingsTable
            headings={['Name', 'May', 'Ends']}
            rows={tokens.map((token) => ({
              name: token.name,
              cells: [
                scope(token),
                token.expires === null ? 'never' : <ExactTime key="ends" time={token.expires} />,
              ],
            }))}
          />
        )}
      </section>
    </>
  );
}
