import { useMemo, useState } from 'react';
import type { Summary } from '../api/types';
import { useServices, useTicking, useZone } from '../app/services';
import { compact, exact } from '../format/number';
import { clock } from '../format/time';
import { type Bar, lastHour, niceCeiling, SERIES, type SeriesName, stack } from './throughput';
import './Throughput.css';

const WORDS: Readonly<Record<SeriesName, string>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  retried: 'retried',
  revoked: 'revoked',
};
/** Shown in the legend even when there was none; the others only when there was one. */
const ALWAYS: ReadonlySet<SeriesName> = new Set(['succeeded', 'failed']);
const WIDTH = 6;
const HEIGHT = 40;

function total(bars: readonly Bar[], name: SeriesName): number {
  return bars.reduce((sum, bar) => sum + bar[name], 0);
}

/**
 * Finished tasks of the last hour, minute by minute, in the colours of their states. No uPlot, which draws the charts of
 * the overview: this is in the head of nearly every page, whose script it would make 24 kB larger (gzipped, of 300 in all)
 * for sixty bars without axes. They are few enough to be elements, and so have their colours from the style sheet.
 */
export function Throughput({ summary }: { readonly summary: Summary }) {
  const { clock: time } = useServices();
  const minute = useTicking((now) => String(Math.floor(now / 60)));
  const bars = useMemo(
    () => lastHour(summary.throughput, Math.max(time.now(), Number(minute) * 60), summary.monitor.started),
    [summary, time, minute],
  );
  const [pointed, setPointed] = useState<number | null>(null);
  const zone = useZone();
  const top = niceCeiling(Math.max(...bars.map((bar) => bar.total)));
  const bar = pointed === null ? undefined : bars[pointed];
  return (
    <figure className="throughput">
      <figcaption>
        <span>{bar ? `${clock(bar.minute, zone)}${bar.unseen ? ', not seen' : ''}` : 'Last hour'}</span>
        {SERIES.filter((name) => ALWAYS.has(name) || total(bars, name) > 0).map((name) => (
          <span key={name} className="throughput-value" data-series={name}>
            {compact(bar ? bar[name] : total(bars, name))} {WORDS[name]}
          </span>
        ))}
      </figcaption>
      <svg
        viewBox={`0 0 ${bars.length * WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        aria-hidden="true"
        onPointerMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          setPointed(
            Math.min(bars.length - 1, Math.floor(((event.clientX - box.left) / box.width) * bars.length)),
          );
        }}
        onPointerLeave={() => setPointed(null)}
      >
        {bars.map((each, index) => (
          <Column key={each.minute} bar={each} x={index * WIDTH} top={top} pointed={index === pointed} />
        ))}
      </svg>
      <span className="throughput-top faint" title={`${exact(top)} tasks a minute`}>
        {compact(top)}/min
      </span>
      <Numbers bars={bars} />
    </figure>
  );
}

interface ColumnProps {
  readonly bar: Bar;
  readonly x: number;
  readonly top: number;
  readonly pointed: boolean;
}

function Column({ bar, x, top, pointed }: ColumnProps) {
  return (
    <g data-unfinished={bar.unfinished ? '' : undefined}>
      <rect
        className="throughput-slot"
        data-pointed={pointed ? '' : undefined}
        data-unseen={bar.unseen ? '' : undefined}
        x={x}
        y={0}
        width={WIDTH - 1}
        height={HEIGHT}
      />
      {stack(bar).map(({ name, from, to }) => (
        <rect
          key={name}
          data-series={name}
          x={x}
          y={HEIGHT * (1 - to / top)}
          width={WIDTH - 1}
          height={(HEIGHT * (to - from)) / top}
        />
      ))}
    </g>
  );
}

/** The same numbers for those who can't see the picture. */
function Numbers({ bars }: { readonly bars: readonly Bar[] }) {
  const zone = useZone();
  return (
    // A table is as large as its rows, whatever its style says: what hides it is around it.
    <div className="visually-hidden">
      <table>
        <caption>Tasks finished in each minute of the last hour</caption>
        <thead>
          <tr>
            <th scope="col">Minute</th>
            {SERIES.map((name) => (
              <th key={name} scope="col">
                {WORDS[name]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {bars
            .filter((bar) => bar.total > 0)
            .map((bar) => (
              <tr key={bar.minute}>
                <th scope="row">{clock(bar.minute, zone)}</th>
                {SERIES.map((name) => (
                  <td key={name}>{exact(bar[name])}</td>
                ))}
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}
