import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it } from 'vitest';
import { renderPart } from '../testing/page';
import { DataTable } from './DataTable';
import { type Column, revealed, ROW } from './table';

interface Row {
  readonly id: string;
}

const COLUMNS: readonly Column<Row>[] = [{ id: 'id', header: 'Id', width: 100, cell: ({ id }) => id }];
const ROWS: readonly Row[] = Array.from({ length: 50 }, (_, index) => ({ id: `id${index}` }));

function Previewed({ first }: { readonly first?: string }) {
  const [id, set] = useState(first);
  const panel = (
    <button type="button" onClick={() => set(undefined)}>
      {`of ${id}`}
    </button>
  );
  return (
    <DataTable
      label="Rows"
      columns={COLUMNS}
      items={ROWS}
      idOf={(row) => row.id}
      preview={{ id, set, panel }}
    />
  );
}

/** What is shown beside the table; null: nothing. */
const shown = () => screen.queryByRole('region', { name: 'Preview' })?.textContent ?? null;
const active = () => document.querySelector('[data-active]')?.getAttribute('data-id') ?? null;

describe('the preview of a row', () => {
  it('opens and closes with Space on the active row', async () => {
    renderPart(<Previewed />);
    await userEvent.keyboard('jj ');
    expect(shown()).toBe('of id1');
    await userEvent.keyboard(' ');
    expect(shown()).toBeNull();
  });

  it('does not open where no row is active', async () => {
    renderPart(<Previewed />);
    screen.getByRole('grid').focus();
    await userEvent.keyboard(' ');
    expect(shown()).toBeNull();
  });

  it('leaves Space to what has the focus', async () => {
    renderPart(<Previewed />);
    await userEvent.keyboard('j');
    screen.getByRole('button', { name: 'Preview row 3' }).focus();
    await userEvent.keyboard(' ');
    expect(shown()).toBe('of id2');
  });

  it('moves on with the arrows and with j', async () => {
    renderPart(<Previewed />);
    await userEvent.keyboard('j ');
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowUp}');
    expect(shown()).toBe('of id1');
    await userEvent.keyboard('j');
    expect(shown()).toBe('of id2');
  });

  it('moves on from a row whose button opened it', async () => {
    renderPart(<Previewed />);
    await userEvent.click(screen.getByRole('button', { name: 'Preview row 4' }));
    await userEvent.keyboard('{ArrowDown}');
    expect(shown()).toBe('of id4');
  });

  it('is closed by Escape, which leaves the row only when pressed again', async () => {
    renderPart(<Previewed />);
    await userEvent.keyboard('j {Escape}');
    expect([shown(), active()]).toEqual([null, 'id0']);
    await userEvent.keyboard('{Escape}');
    expect(active()).toBeNull();
  });

  it('makes its row the active one where it is there from the beginning', () => {
    renderPart(<Previewed first="id3" />);
    expect([shown(), active()]).toEqual(['of id3', 'id3']);
  });

  it('is gone into by an arrow, and Escape in it closes it and leads back', async () => {
    renderPart(<Previewed />);
    await userEvent.keyboard('j {ArrowRight}');
    expect(screen.getByRole('region', { name: 'Preview' })).toHaveFocus();
    await userEvent.keyboard('{ArrowLeft}');
    expect(screen.getByRole('grid')).toHaveFocus();
    await userEvent.keyboard('{ArrowRight}{Tab}{Escape}');
    expect(shown()).toBeNull();
    expect(screen.getByRole('grid')).toHaveFocus();
  });

  it('leads back to the table when its own button closed it', async () => {
    renderPart(<Previewed first="id3" />);
    await userEvent.click(screen.getByRole('button', { name: 'of id3' }));
    expect(shown()).toBeNull();
    expect(screen.getByRole('grid')).toHaveFocus();
  });

  it('opens by keyboard also where shortcuts are off', async () => {
    const { services } = renderPart(<Previewed />);
    services.preferences.shortcuts.set('off');
    screen.getByRole('grid').focus();
    await userEvent.keyboard('{ArrowDown} ');
    expect(shown()).toBe('of id0');
    await userEvent.keyboard('{Escape}');
    expect(shown()).toBeNull();
  });
});

describe('revealed', () => {
  const HEIGHT = 11 * ROW;
  it.each([
    ['stays where the row is in sight', 5, 2 * ROW, 2 * ROW],
    ['goes down to a row below', 20, 0, 11 * ROW],
    ['goes up to a row above', 3, 10 * ROW, 3 * ROW],
  ])('%s', (_, index, scrollTop, expected) => expect(revealed(index, scrollTop, HEIGHT)).toBe(expected));
});
