import { CSPProvider } from '@base-ui/react/csp-provider';
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { LOGGED_IN } from '../api/client';
import { widenLogin } from './login';
import { type Services, ServicesContext } from './services';
import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/print.css';

/** Puts the page into the document and connects it. */
export async function start(page: ReactNode, services: Services, queries: QueryClient): Promise<void> {
  await widenLogin(new URL(document.URL), new URL(document.baseURI));
  const root = document.getElementById('root');
  if (root === null) throw new Error('the page has no element with the id "root"');
  createRoot(root).render(
    <StrictMode>
      <ServicesContext value={services}>
        {/* Its own style elements are what our CSP forbids; base.css says what they would. */}
        <CSPProvider disableStyleElements>
          <QueryClientProvider client={queries}>{page}</QueryClientProvider>
        </CSPProvider>
      </ServicesContext>
    </StrictMode>,
  );
  // What could not be asked meanwhile may have changed, and with it what its reader may.
  document.addEventListener(LOGGED_IN, () => {
    services.live.retryNow();
    void queries.invalidateQueries();
  });
  services.login.start();
  services.live.start();
}
