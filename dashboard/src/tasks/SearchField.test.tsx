import { act, fireEvent, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { renderPart } from '../testing/page';
import { SearchField } from './SearchField';

const NOTHING = { names: [], workers: [], states: [] };

function field(value?: string) {
  return (
    <SearchField
      label="Search"
      value={value}
      onChange={() => undefined}
      known={NOTHING}
      input={{ current: null }}
      explainedBy={undefined}
    />
  );
}

afterEach(() => vi.useRealTimers());

it('keeps what is typed while the address is behind', () => {
  vi.useFakeTimers();
  const { rerender } = renderPart(field());
  const input = screen.getByRole('combobox');
  fireEvent.change(input, { target: { value: 'ma' } });
  act(() => void vi.advanceTimersByTime(1000));
  fireEvent.change(input, { target: { value: 'mail' } });
  rerender(field('ma'));
  expect(input).toHaveValue('mail');
});
