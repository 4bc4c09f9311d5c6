import { explain } from './explain';

/** What is wrong with a search, at its place, and what to write instead. */
export function Explained({
  id,
  query,
  detail,
}: {
  readonly id: string;
  readonly query: string;
  readonly detail: string;
}) {
  const { message, place, advice } = explain(query, detail);
  return (
    <p id={id} className="explained" role="status">
      <b>{message}.</b> {advice}
      {place && (
        <code dir="ltr">
          {place[0]}
          <mark>{place[1] === '' ? ' ' : place[1]}</mark>
          {place[2]}
        </code>
      )}
    </p>
  );
}
