import { spanText, spanOf } from '../../app/range';
import { useZone } from '../../app/services';
import { RelativeTime } from '../../components/Time';
import '../../components/PlainTable.css';
import { HealthBadge } from '../HealthBadge';
import { healthOf } from '../health';
import { pageOf, USUAL } from '../ways';
import { difference } from './difference';
import { type Cell, OF_NOW, OF_RANGE, type Row, valueOf } from './rows';
import type { Answered } from './useColumn';

export type Pair = readonly [Answered, Answered];

/** What the two say, row by row, and how the second differs from the first. */
export function CompareTable({ columns }: { readonly columns: Pair }) {
  const [first] = columns;
  const zone = useZone();
  return (
    <table className="plain-table compare-table">
      <caption className="visually-hidden">The two monitors side by side</caption>
      <thead>
        <tr>
          <td />
          {columns.map((column, index) => (
            <Head key={index} column={column} />
          ))}
          <th scope="col" className="compare-difference">
            Second against first
          </th>
        </tr>
      </thead>
      <Part title="Now" rows={OF_NOW} columns={columns} />
      <Part title={spanText(spanOf(first.range, USUAL, first.now), zone)} rows={OF_RANGE} columns={columns} />
    </table>
  );
}

function Head({ column: { monitor, range, trouble } }: { readonly column: Answered }) {
  const { cluster, namespace, name, observed } = monitor;
  return (
    <th scope="col">
      <a href={pageOf(monitor, range)} className="compare-name">
        {name}
      </a>{' '}
      <span className="soft">{cluster == null ? namespace : `${cluster}/${namespace}`}</span>
      <HealthBadge health={healthOf(monitor)} />
      {trouble !== null && (
        <p className="compare-trouble" role="status">
          {trouble}
          {observed.at !== null && (
            <>
              {' '}
              Last heard <RelativeTime time={observed.at} />.
            </>
          )}
        </p>
      )}
    </th>
  );
}

interface PartProps {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly columns: Pair;
}

function Part({ title, rows, columns }: PartProps) {
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" colSpan={4} className="compare-part">
          {title}
        </th>
      </tr>
      {rows.map((row) => (
        <Line key={row.label} row={row} columns={columns} />
      ))}
    </tbody>
  );
}

function Line({ row, columns: [first, second] }: { readonly row: Row; readonly columns: Pair }) {
  const [one, other] = [row.cell(first), row.cell(second)];
  const { differs, text } = difference(valueOf(one), valueOf(other));
  return (
    <tr data-differs={differs ? '' : undefined}>
      <th scope="row">{row.label}</th>
      <Shown cell={one} stale={first.stale} />
      <Shown cell={other} stale={second.stale} />
      <td className="compare-difference">
        {differs && <span aria-hidden="true">≠ </span>}
        {text}
      </td>
    </tr>
  );
}

function Shown({ cell, stale }: { readonly cell: Cell; readonly stale: boolean }) {
  return (
    <td data-stale={stale ? '' : undefined}>
      <a href={cell.way} title={cell.title}>
        {cell.text}
      </a>
      {cell.more && (
        <span className="compare-more" title={cell.more}>
          {cell.more}
        </span>
      )}
    </td>
  );
}
