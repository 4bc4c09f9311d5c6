import type { Monitor } from '../../api/types';
import type { RangeSearch, Span } from '../../app/range';
import { useLiveState, useServices } from '../../app/services';
import { useAsked } from '../../app/useAsked';
import { historyOf, queuesOf } from './queries';
import type { Column } from './rows';

/** A monitor that is compared, with why it does not answer. */
export interface Answered extends Column {
  /** In a sentence; null: it answers, or has yet to. */
  readonly trouble: string | null;
  /** Its history is of another range, or old. */
  readonly stale: boolean;
}

function troubleOf({ suspended, observed }: Monitor, error: Error | null): string | null {
  if (suspended) return 'It is suspended: nothing but what Kubernetes says is known of it.';
  return error?.message ?? (observed.stale ? observed.error : null);
}

/** What a monitor answers, asked for through the fleet and again and again. */
export function useColumn(monitor: Monitor, range: RangeSearch, span: () => Span): Answered {
  const { clock } = useServices();
  const paused = useLiveState().phase === 'paused';
  const asked = { monitor, search: range, span, paused, enabled: !monitor.suspended };
  const history = useAsked(historyOf(asked));
  const queues = useAsked(queuesOf(asked));
  return {
    monitor,
    range,
    history: history.data ?? null,
    pending: asked.enabled && history.data === undefined && history.error === null,
    queues: queues.error === null ? (queues.data ?? null) : null,
    now: history.dataUpdatedAt > 0 ? history.dataUpdatedAt / 1000 : clock.now(),
    trouble: troubleOf(monitor, history.error),
    stale: history.isPlaceholderData || history.error !== null || monitor.observed.stale,
  };
}
