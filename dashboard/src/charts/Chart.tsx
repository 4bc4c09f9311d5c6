import { Link, type LinkProps } from '@tanstack/react-router';
import { lazy, Suspense, useId, useState } from 'react';
import { useZone } from '../app/services';
import { moment } from '../format/time';
import { type ChartData, isEmpty, middles, type Series, stepAt } from './model';
import './Chart.css';

/** Loaded when the first chart is shown: pages without one do without its 20 kB. */
const Plot = lazy(() => import('./Plot'));

interface ChartProps {
  readonly title: string;
  /** Said once, beside the title. */
  readonly unit: string;
  /** What is behind it: its title leads there. */
  readonly link?: Pick<LinkProps, 'to' | 'search' | 'hash'>;
  readonly data: ChartData;
  readonly format: (value: number | null) => string;
  /** What stands for each series while nothing is pointed at. */
  readonly totals: Readonly<Record<string, string>>;
  readonly group: string;
  readonly onDrag: (start: number, end: number) => void;
  readonly empty: string;
}

/**
 * A chart with its values in words: of the step that is pointed at, else of the whole range. The same numbers are in a
 * table below, for who can't see it or wants to copy them.
 */
export function Chart(props: ChartProps) {
  const { title, unit, link, data, format, totals, group, onDrag, empty } = props;
  const [pointed, setPointed] = useState<number | null>(null);
  const heading = useId();
  return (
    <figure className="chart" aria-labelledby={heading}>
      <figcaption className="chart-words">
        <h2 id={heading}>
          {link === undefined ? title : <Link {...link}>{title}</Link>} <span className="soft">{unit}</span>
        </h2>
        <span className="chart-when soft">
          <When data={data} index={pointed} />
        </span>
        <span className="chart-values">
          {data.series.map((series) => (
            <Value
              key={series.key}
              series={series}
              text={pointed === null ? (totals[series.key] ?? '') : format(series.values[pointed] ?? null)}
            />
          ))}
        </span>
      </figcaption>
      <div className="chart-area">
        <Suspense fallback={null}>
          <Plot
            data={data}
            format={format}
            group={group}
            onDrag={onDrag}
            onPoint={(index) => setPointed(index)}
          />
        </Suspense>
        {isEmpty(data) && <p className="chart-empty soft">{empty}</p>}
      </div>
      <Numbers title={title} data={data} format={format} />
    </figure>
  );
}

function When({ data, index }: { readonly data: ChartData; readonly index: number | null }) {
  const zone = useZone();
  if (index === null) return 'whole range';
  const start = data.start + index * data.step;
  const words = [moment(start, zone).slice(0, 16)];
  if (data.unseen.some((gap) => gap.start < start + data.step && gap.end > start)) words.push('not all seen');
  if (index === data.unfinished) words.push('not over yet');
  return words.join(', ');
}

function Value({ series, text }: { readonly series: Series; readonly text: string }) {
  return (
    <span
      className="chart-value"
      data-kind={series.kind}
      data-colour={series.token}
      data-dashed={series.dash ? '' : undefined}
    >
      {series.label} <b>{text}</b>
    </span>
  );
}

interface NumbersProps {
  readonly title: string;
  readonly data: ChartData;
  readonly format: (value: number | null) => string;
}

/** Only in the page while it is open: it has hundreds of cells. */
function Numbers({ title, data, format }: NumbersProps) {
  const [open, setOpen] = useState(false);
  const zone = useZone();
  return (
    <details className="chart-numbers" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        Numbers<span className="visually-hidden"> of {title}</span>
      </summary>
      {open && (
        // Scrolls by itself, so it must be reachable by keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className="chart-table" tabIndex={0} role="region" aria-label={`Numbers of ${title}`}>
          <table>
            <thead>
              <tr>
                <th scope="col">From</th>
                {data.series.map(({ key, label }) => (
                  <th key={key} scope="col">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {middles(data)
                .reverse()
                .map((time) => {
                  const index = stepAt(data, time) ?? 0;
                  return (
                    <tr key={time}>
                      <th scope="row">{moment(data.start + index * data.step, zone).slice(0, 16)}</th>
                      {data.series.map(({ key, values }) => (
                        <td key={key}>{format(values[index] ?? null)}</td>
                      ))}
                    </tr>
                  );
                })}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}
