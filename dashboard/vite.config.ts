import { readFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/**
 * Puts `src/app/theme-boot.js` into both pages as a blocking script of its own, with a hashed name: it sets the
 * chosen theme before the first paint, which an inline script could not do under our CSP.
 */
function themeBoot(): Plugin {
  return {
    name: 'theme-boot',
    apply: 'build',
    buildStart() {
      const source = readFileSync('src/app/theme-boot.js', 'utf8');
      this.emitFile({ type: 'asset', name: 'theme-boot.js', source });
    },
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle = {} }) => {
        const name = Object.keys(bundle).find((file) => /theme-boot.*\.js$/.test(file));
        if (name === undefined) throw new Error('theme-boot.js is not in the bundle');
        // At the end of the head: before `<base>` a relative address would be taken from the page's own.
        return [{ tag: 'script', attrs: { src: `./${name}` }, injectTo: 'head' }];
      },
    },
  };
}

/** `npm run dev`: every page of a program is the same HTML, as the Python servers do it. PAGE=fleet chooses the other. */
function pageRoutes(page: string): Plugin {
  return {
    name: 'page-routes',
    apply: 'serve',
    configureServer: (server) => {
      server.middlewares.use((request, _response, next) => {
        if (
          /^\/($|\?|overview|tasks|failures|workers|queues|scaling|audit|task\/|worker\/|workflow\/)/.test(
            request.url ?? '',
          )
        )
          request.url = `/${page}.html`;
        next();
      });
    },
  };
}

/** The server that `npm run dev` takes its data from, with the login that a browser would send. */
function backend(env: NodeJS.ProcessEnv) {
  const login = Buffer.from(env['BACKEND_LOGIN'] ?? 'flower:flower').toString('base64');
  const target = env['BACKEND'] ?? 'http://127.0.0.1:5555';
  return { target, headers: { Authorization: `Basic ${login}` } };
}

export default defineConfig({
  // Relative addresses, taken from the page's `<base>`, which the server writes: any --url-prefix works.
  base: './',
  plugins: [react(), themeBoot(), pageRoutes(process.env['PAGE'] ?? 'monitor')],
  server: { proxy: { '/api': backend(process.env) } },
  build: {
    // light-dark(), CSS nesting and dvh as they stand: browsers of 2024 and later.
    target: ['es2023', 'chrome123', 'firefox121', 'safari17.5'],
    // Not as data: addresses, which the CSP allows for images only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { monitor: 'monitor.html', fleet: 'fleet.html' } },
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['src/testing/setup.ts'],
    restoreMocks: true,
    unstubGlobals: true,
    // One process for many files: where the processors are busy, each start may take longer than Vitest waits for it.
    isolate: false,
    // Milliseconds; a loaded machine is slow, not wrong.
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
