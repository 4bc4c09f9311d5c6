import { useState } from 'react';
import { address } from '../api/client';
import { askToLogIn, type Ended } from '../app/login';
import { useEnded, useServices } from '../app/services';
import { Dialog } from './Dialog';
import { ExactTime } from './Time';

interface LoggedOutProps {
  /** They came by a login provider, which has pages of its own. */
  readonly provider: boolean;
}

/** Tells that the login ended, and leads to the next one. The page below stays as it is. */
export function LoggedOut({ provider }: LoggedOutProps) {
  const ended = useEnded();
  return ended?.told ? <Told ended={ended} provider={provider} /> : null;
}

function Told({ ended, provider }: LoggedOutProps & { readonly ended: Ended }) {
  const { login } = useServices();
  const [elsewhere, setElsewhere] = useState(provider);
  const [refused, setRefused] = useState(false);
  const ask = async () => {
    setRefused(false);
    setElsewhere(await askToLogIn(new URL(document.baseURI)));
    setRefused(!(await login.check()));
  };
  return (
    <Dialog
      title="Your login has ended"
      onClose={() => login.tell(false)}
      foot={
        <>
          <button type="button" className="button" onClick={() => login.tell(false)}>
            Not now
          </button>
          {elsewhere ? (
            <a
              className="button"
              data-kind="primary"
              href={address(provider ? 'login' : '')}
              target="_blank"
              rel="noreferrer"
            >
              Log in in a new tab
            </a>
          ) : (
            <button type="button" className="button" data-kind="primary" onClick={() => void ask()}>
              Log in
            </button>
          )}
        </>
      }
    >
      <p>
        The server has not known you since <ExactTime time={ended.since} />. This page stays as it is, with
        all that is typed into it, and goes on once you are logged in.
      </p>
      <p>What you sent since then was not done: send it again afterwards.</p>
      <p className="form-note">
        {elsewhere
          ? 'A new tab opens; where none does, open this address in one. Come back to this one afterwards.'
          : 'Your browser asks for user name and password. With a Kubernetes token, the user name is token.'}
      </p>
      {refused && (
        <p role="alert" className="form-note" data-tone="failure">
          You are not logged in yet: the server still does not know you.
        </p>
      )}
    </Dialog>
  );
}
