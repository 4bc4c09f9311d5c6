import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

// Milliseconds that `find…` and `waitFor` look: a second is nothing where the processors are busy.
configure({ asyncUtilTimeout: 60_000 });

afterEach(cleanup);

// jsdom lays nothing out: a table in it is as large as the virtualizer's first guess.
Object.defineProperties(HTMLElement.prototype, {
  clientHeight: { configurable: true, get: () => 640 },
  clientWidth: { configurable: true, get: () => 1024 },
});

Object.defineProperty(window, 'matchMedia', {
  configurable: true,
  value: (query: string) => Object.assign(new EventTarget(), { matches: true, media: query }),
});

Object.defineProperty(globalThis, 'ResizeObserver', {
  configurable: true,
  value: class {
    observe = () => undefined;
    unobserve = () => undefined;
    disconnect = () => undefined;
  },
});

HTMLElement.prototype.scrollTo = () => undefined;
HTMLElement.prototype.scrollIntoView = () => undefined;
