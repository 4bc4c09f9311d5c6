import type { ReactNode } from 'react';
import '../components/PlainTable.css';

export interface SettingsRow {
  /** What the row is about; told once in a table. */
  readonly name: string;
  /** How the name is shown, if not as it is. */
  readonly head?: string;
  /** More of the name, on hover. */
  readonly title?: string;
  /** Somebody set it: it stands out. */
  readonly changed?: boolean;
  readonly cells: readonly [ReactNode, ReactNode];
}

interface SettingsTableProps {
  readonly headings: readonly [string, string, string];
  readonly rows: readonly SettingsRow[];
}

/** Names, each with two things that hold for it. */
export function SettingsTable({ headings, rows }: SettingsTableProps) {
  return (
    <table className="plain-table settings-table">
      <thead>
        <tr>
          {headings.map((heading) => (
            <th key={heading} scope="col">
              {heading}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, head = name, title, changed, cells: [first, second] }) => (
          <tr key={name} data-changed={changed ? '' : undefined}>
            <th scope="row" title={title} dir="auto">
              {head}
            </th>
            <td>{first}</td>
            <td>{second}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
