import { act, fireEvent, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { renderPart } from '../testing/page';
import type { Sizes } from './columnSizes';
import { DataTable, type DataTableProps } from './DataTable';
import { type Column, nextSort, type Rows, toggled } from './table';

interface Row {
  readonly id: string;
  readonly name: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { id: 'name', header: 'Name', width: 100, sort: 'name', cell: ({ name }) => name },
  { id: 'id', header: 'Id', width: 100, cell: ({ id }) => id },
];
const ROWS: readonly Row[] = Array.from({ length: 5000 }, (_, index) => ({
  id: `id${index}`,
  name: `row ${index}`,
}));

function table(props: Partial<DataTableProps<Row>> = {}) {
  return <DataTable label="Rows" columns={COLUMNS} items={ROWS} idOf={({ id }) => id} {...props} />;
}

function active(): string | null {
  return document.querySelector('[data-active]')?.getAttribute('data-id') ?? null;
}

function Marked({ onMark }: { readonly onMark: (ids: string[]) => void }) {
  const [ids, set] = useState<ReadonlySet<string>>(new Set());
  const change = (next: ReadonlySet<string>) => {
    set(next);
    onMark([...next]);
  };
  return table({ selection: { ids, set: change } });
}

describe('DataTable', () => {
  it('has only the rows in view in the page, and says how many there are', () => {
    renderPart(table());
    expect(screen.getAllByRole('row').length).toBeLessThan(60);
    expect(screen.getByRole('grid')).toHaveAttribute('aria-rowcount', '5001');
  });

  it('shows hostile content as text', () => {
    renderPart(table({ items: [{ id: '1', name: '<img src=x onerror=alert(1)>' }] }));
    expect(screen.getByText('<img src=x onerror=alert(1)>')).toBeVisible();
    expect(document.querySelector('img')).toBeNull();
  });

  /** One row in memory, and one that is not. */
  const partly: Rows<Row> = {
    length: 2,
    at: (index) => ROWS.slice(0, 1)[index],
    findIndex: (is) => ROWS.slice(0, 1).findIndex(is),
  };

  it('keeps the place of a row that is not in memory, over which keys do not lead', async () => {
    const onOpen = vi.fn();
    renderPart(table({ items: partly, onOpen }));
    expect(document.querySelector('[aria-rowindex="3"]')).toHaveAttribute('aria-busy', 'true');
    await userEvent.keyboard('jj{Enter}');
    expect(onOpen).toHaveBeenCalledExactlyOnceWith(ROWS[0]);
  });

  it('says in the place of a row why it does not come', () => {
    renderPart(table({ items: partly, missing: 'It could not be loaded again' }));
    expect(screen.getByText('It could not be loaded again')).toBeVisible();
    expect(document.querySelector('[aria-rowindex="3"]')).toHaveAttribute('aria-busy', 'false');
  });

  it('draws no row again for a function that its page wrote anew', () => {
    const cell = vi.fn(({ name }: Row) => name);
    const columns = [{ id: 'name', header: 'Name', width: 100, cell }];
    const again = () => table({ columns, onOpen: () => undefined });
    const { rerender } = renderPart(again());
    cell.mockClear();
    rerender(again());
    expect(cell).not.toHaveBeenCalled();
  });

  it('tells which rows are in sight', () => {
    const onSight = vi.fn();
    renderPart(table({ onSight }));
    expect(onSight).toHaveBeenCalledWith({ first: 0, last: 100 });
  });

  it('moves with j and k, and opens with Enter', async () => {
    const onOpen = vi.fn();
    renderPart(table({ onOpen }));
    await userEvent.keyboard('jjjk');
    expect(active()).toBe('id1');
    await userEvent.keyboard('{Enter}');
    expect(onOpen).toHaveBeenCalledWith(ROWS[1]);
  });

  it('moves with the arrows when it has the focus', async () => {
    renderPart(table());
    screen.getByRole('grid').focus();
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowUp}');
    expect(active()).toBe('id0');
  });

  it('names the active row to assistive technology', async () => {
    renderPart(table());
    await userEvent.keyboard('j');
    const id = screen.getByRole('grid').getAttribute('aria-activedescendant');
    expect(document.getElementById(id ?? '')).toHaveAttribute('data-id', 'id0');
  });

  it('keeps the active row when others come above it', async () => {
    const { rerender } = renderPart(table({ items: ROWS.slice(1, 5) }));
    await userEvent.keyboard('j');
    rerender(table({ items: ROWS.slice(0, 5) }));
    expect(active()).toBe('id1');
  });

  it('leaves keys alone while somebody types', async () => {
    renderPart(
      <>
        <input aria-label="field" />
        {table()}
      </>,
    );
    await userEvent.type(screen.getByLabelText('field'), 'jjj');
    expect(active()).toBeNull();
  });

  it('leaves keys alone when they are switched off', async () => {
    const { services } = renderPart(table());
    act(() => services.preferences.shortcuts.set('off'));
    await userEvent.keyboard('j');
    expect(active()).toBeNull();
  });

  it('marks with x and a range with shift', async () => {
    const onMark = vi.fn();
    renderPart(<Marked onMark={onMark} />);
    await userEvent.keyboard('jxjjX');
    expect(onMark).toHaveBeenLastCalledWith(['id0', 'id1', 'id2']);
  });

  it('marks with its boxes, whose press does not open the row', async () => {
    const onMark = vi.fn();
    renderPart(<Marked onMark={onMark} />);
    await userEvent.click(screen.getByRole('checkbox', { name: 'Select row 2' }));
    expect(onMark).toHaveBeenLastCalledWith(['id1']);
  });

  it('is held while the pointer is over its rows', async () => {
    const onHold = vi.fn();
    renderPart(table({ onHold }));
    const row = screen.getByText('row 0');
    await userEvent.hover(row);
    expect(onHold).toHaveBeenLastCalledWith(true);
    await userEvent.unhover(row);
    expect(onHold).toHaveBeenLastCalledWith(false);
  });

  it('is held while a row is active', async () => {
    const onHold = vi.fn();
    renderPart(table({ onHold }));
    await userEvent.keyboard('j');
    expect(onHold).toHaveBeenLastCalledWith(true);
    await userEvent.keyboard('{Escape}');
    expect(onHold).toHaveBeenLastCalledWith(false);
  });

  it('says its order and asks for another', async () => {
    const set = vi.fn();
    renderPart(table({ sorting: { value: '-name', set } }));
    const header = screen.getByRole('columnheader', { name: 'Name' });
    expect(header).toHaveAttribute('aria-sort', 'descending');
    await userEvent.click(within(header).getByRole('button'));
    expect(set).toHaveBeenCalledWith('name');
  });
});

describe('nextSort', () => {
  it('begins descending and then turns round', () =>
    expect([nextSort('-received', 'name'), nextSort('-name', 'name'), nextSort('name', 'name')]).toEqual([
      '-name',
      'name',
      '-name',
    ]));
});

describe('toggled', () => {
  const order = ['a', 'b', 'c', 'd'];
  it('unmarks what was marked', () =>
    expect([...toggled(new Set(['a', 'b']), order, 'a', null)]).toEqual(['b']));
  it('marks upwards too', () => expect([...toggled(new Set(), order, 'b', 'd')]).toEqual(['b', 'c', 'd']));
  it('marks one where the start is no longer listed', () =>
    expect([...toggled(new Set(), order, 'b', 'gone')]).toEqual(['b']));
});

function Sized({ onSizes }: { readonly onSizes: (sizes: Sizes) => void }) {
  const [value, set] = useState<Sizes>({ id: 300 });
  const change = (next: Sizes) => {
    set(next);
    onSizes(next);
  };
  return table({ sizing: { value, set: change } });
}

describe('the edges of the heads', () => {
  const edge = (name: string) => screen.getByRole('separator', { name: `Width of ${name}` });
  const sized = () => {
    const onSizes = vi.fn<(sizes: Sizes) => void>();
    renderPart(<Sized onSizes={onSizes} />);
    return onSizes;
  };

  it('are not there where the page keeps no widths', () => {
    renderPart(table());
    expect(screen.queryByRole('separator')).toBeNull();
  });

  it('say how wide their columns are', () => {
    sized();
    expect(edge('Id')).toHaveAttribute('aria-valuenow', '300');
    expect(edge('Name')).toHaveAttribute('aria-valuenow', '100');
  });

  it('are moved by the arrows', async () => {
    const onSizes = sized();
    edge('Id').focus();
    await userEvent.keyboard('{ArrowRight}');
    expect(onSizes).toHaveBeenLastCalledWith({ id: 308 });
    await userEvent.keyboard('{ArrowLeft}{ArrowLeft}');
    expect(edge('Id')).toHaveAttribute('aria-valuenow', '292');
  });

  it('take the usual width back with Home', async () => {
    const onSizes = sized();
    edge('Id').focus();
    await userEvent.keyboard('{Home}');
    expect(onSizes).toHaveBeenLastCalledWith({});
    expect(edge('Id')).toHaveAttribute('aria-valuenow', '100');
  });

  it('are dragged, and tell the width when they are let go', () => {
    const onSizes = sized();
    fireEvent.mouseDown(edge('Name'), { button: 0, clientX: 100 });
    fireEvent.mouseMove(document, { clientX: 160 });
    expect(onSizes).not.toHaveBeenCalled();
    fireEvent.mouseUp(document, { clientX: 160 });
    expect(onSizes).toHaveBeenCalledExactlyOnceWith({ id: 300, name: 160 });
  });

  it('tell nothing of a press that moved nothing', () => {
    const onSizes = sized();
    fireEvent.mouseDown(edge('Name'), { button: 0, clientX: 100 });
    fireEvent.mouseUp(document, { clientX: 100 });
    expect(onSizes).not.toHaveBeenCalled();
  });
});
