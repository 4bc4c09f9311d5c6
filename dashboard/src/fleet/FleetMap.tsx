import { memo, useMemo, useRef } from 'react';
import type { Monitor } from '../api/types';
import type { RangeSearch } from '../app/range';
import { compact } from '../format/number';
import { backlogWords } from './backlog';
import { keyOf, perMinute } from './fleet';
import { grouped, groupText, spaceOf } from './groups';
import { HealthBadge } from './HealthBadge';
import { healthOf } from './health';
import { useMapKeys } from './useMapKeys';
import { pageOf } from './ways';
import './FleetMap.css';

interface MapProps {
  /** The order within a namespace is theirs. */
  readonly monitors: readonly Monitor[];
  readonly range: RangeSearch;
  readonly marked: ReadonlySet<string>;
  readonly onMark: (key: string) => void;
  readonly stale: boolean;
}

/** Every monitor as a tile, by namespace, trouble first: for a screen on a wall, and to see where it hurts. */
export function FleetMap({ monitors, range, marked, onMark, stale }: MapProps) {
  const map = useRef<HTMLDivElement>(null);
  useMapKeys(map, onMark);
  const groups = useMemo(() => grouped(monitors), [monitors]);
  return (
    <div ref={map} className="fleet-map" data-stale={stale ? '' : undefined}>
      {groups.map((group) => (
        <section key={spaceOf(group)} aria-label={spaceOf(group)}>
          <h2>
            {spaceOf(group)} <span className="soft">{groupText(group)}</span>
          </h2>
          <ul className="monitor-tiles" aria-label={`Monitors of ${spaceOf(group)}`}>
            {group.monitors.map((monitor) => (
              <Tile
                key={monitor.name}
                monitor={monitor}
                way={pageOf(monitor, range)}
                marked={marked.has(keyOf(monitor))}
                onMark={onMark}
              />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

interface TileProps {
  readonly monitor: Monitor;
  readonly way: string;
  readonly marked: boolean;
  readonly onMark: (key: string) => void;
}

/** Drawn again only when its own monitor changed. */
const Tile = memo(function Tile({ monitor, way, marked, onMark }: TileProps) {
  const { name, message, suspended } = monitor;
  const health = healthOf(monitor);
  const key = keyOf(monitor);
  return (
    <li className="monitor-tile" data-level={health.level} data-id={key} title={message ?? undefined}>
      <div className="monitor-tile-head">
        {suspended ? (
          <span className="cut" title={name}>
            {name}
          </span>
        ) : (
          <a href={way} className="cut" title={name}>
            {name}
          </a>
        )}
        <input type="checkbox" aria-label={`Compare ${key}`} checked={marked} onChange={() => onMark(key)} />
      </div>
      <HealthBadge health={health} />
      <Numbers monitor={monitor} />
    </li>
  );
});

function Numbers({ monitor }: { readonly monitor: Monitor }) {
  const { text, title } = backlogWords(monitor);
  return (
    <p className="monitor-tile-numbers" data-unheard={monitor.observed.stale ? '' : undefined}>
      <span title="Tasks that ended in the last whole minute">
        <b>{compact(perMinute(monitor))}</b> /min
      </span>
      <span title={title}>
        backlog <b>{text}</b>
      </span>
    </p>
  );
}
