import { useZone } from '../app/services';
import { exact } from '../format/number';
import { moment } from '../format/time';
import type { Histogram } from './histogram';

/** The numbers of the picture, for those who can't see it: the steps that have some. */
export function TimesNumbers({ histogram }: { readonly histogram: Histogram }) {
  const zone = useZone();
  return (
    // A table is as large as its rows, whatever its style says: what hides it is around it.
    <div className="visually-hidden">
      <table>
        <caption>Tasks by the time received</caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">Tasks</th>
            <th scope="col">Failed</th>
          </tr>
        </thead>
        <tbody>
          {histogram.points
            .filter(({ n }) => n !== 0)
            .map(({ start, n, failed }) => (
              <tr key={start}>
                <th scope="row">{moment(start, zone).slice(0, 16)}</th>
                <td>{exact(n)}</td>
                <td>{exact(failed)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}
