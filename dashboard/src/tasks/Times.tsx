import { ChevronDown, ChevronRight } from 'lucide-react';
import { lazy, Suspense, useSyncExternalStore } from 'react';
import { useServices } from '../app/services';
import { useWide } from '../components/useWide';
import type { TimesChartProps } from './TimesChart';
import './Times.css';

/** Loaded after the list, whose first rows need neither its 20 kB nor the server's time. */
const TimesChart = lazy(() => import('./TimesChart'));

/** When the listed tasks were received. It can be folded away, which this browser remembers. */
export function Times({ filter, onChange }: Omit<TimesChartProps, 'fold'>) {
  const { times } = useServices().preferences;
  const kept = useSyncExternalStore(times.subscribe, times.get);
  const wide = useWide();
  const shown = kept === 'auto' ? wide : kept === 'shown';
  const Icon = shown ? ChevronDown : ChevronRight;
  const fold = (
    <button
      type="button"
      className="times-fold"
      aria-expanded={shown}
      onClick={() => times.set(shown ? 'folded' : 'shown')}
    >
      <Icon size={14} aria-hidden="true" />
      When received
    </button>
  );
  const waiting = (
    <>
      <div className="times-words">{fold}</div>
      <div className="times-area" />
    </>
  );
  return (
    <section className="times" aria-label="When received">
      {shown ? (
        <Suspense fallback={waiting}>
          <TimesChart filter={filter} onChange={onChange} fold={fold} />
        </Suspense>
      ) : (
        <div className="times-words">{fold}</div>
      )}
    </section>
  );
}
