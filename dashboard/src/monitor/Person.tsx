import { Menu } from '@base-ui/react/menu';
import { Lock, User } from 'lucide-react';
import { address } from '../api/client';
import { type Me, useMe } from '../api/me';
import './Person.css';

const MAY: Readonly<Record<string, string>> = {
  view: 'look at everything but the audit',
  control: 'steer workers and tasks',
  publish: 'send tasks',
  administer: 'do what can’t be taken back, and read the audit',
};

/** Who reads the page, by which role, and the way out. */
export function Person() {
  const me = useMe();
  if (me === undefined) return null;
  return (
    <>
      {me.read_only && (
        <span className="read-only" title="Started with --read-only: nobody can change anything here">
          <Lock size={14} aria-hidden="true" />
          <span>Read only</span>
        </span>
      )}
      <Menu.Root>
        <Menu.Trigger className="person" aria-label={`Logged in as ${me.name} ${me.role}`} title={me.name}>
          <User size={16} aria-hidden="true" />
          <span className="person-words">
            <span className="person-name" dir="auto">
              {me.name}
            </span>{' '}
            <span className="faint">{me.role}</span>
          </span>
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner sideOffset={4} align="end" className="popup-layer">
            <Menu.Popup className="popup person-menu">
              <About me={me} />
              <Leave me={me} />
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
    </>
  );
}

function About({ me }: { readonly me: Me }) {
  return (
    <div className="person-about">
      <b dir="auto">{me.name}</b>
      <span className="soft">Role: {me.role}</span>
      <span className="soft">{me.read_only ? 'Nobody can change anything: read only.' : 'You may:'}</span>
      {!me.read_only && (
        <ul>
          {me.permissions.map((permission) => (
            <li key={permission}>{MAY[permission] ?? permission}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Leave({ me }: { readonly me: Me }) {
  if (me.session)
    return (
      <Menu.LinkItem className="popup-item person-leave" href={address('logout')}>
        Log out
      </Menu.LinkItem>
    );
  return (
    <Menu.Item className="popup-item person-leave" disabled>
      To log out, close the browser: it keeps the password until then.
    </Menu.Item>
  );
}
