import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { renderPart } from '../testing/page';
import type { Known } from './complete';
import { SearchField } from './SearchField';

const NOTHING: Known = { names: [], workers: [], states: [] };
const NAMES: Known = { ...NOTHING, names: ['shop.mail', 'shop.pay'] };

function field(value?: string, known = NOTHING, onChange: (value?: string) => void = () => undefined) {
  return (
    <SearchField
      label="Search"
      value={value}
      onChange={onChange}
      known={known}
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

/** The box with a text in it for which names are offered. */
async function offered(onChange?: (value?: string) => void) {
  renderPart(
    <>
      {field(undefined, NAMES, onChange)}
      <button type="button">Of the page</button>
    </>,
  );
  const input = screen.getByRole('combobox');
  // Base UI takes a change without an `inputType` for a browser's filling in, for which nothing is offered.
  fireEvent.input(input, { target: { value: 'ma' }, inputType: 'insertText' });
  return { input, option: await screen.findByRole('option', { name: /shop\.mail/ }) };
}

it('hides nothing of the page while names are offered', async () => {
  await offered();
  expect(screen.getByRole('button', { name: 'Of the page' })).toBeInTheDocument();
});

it('asks at once for what is chosen', async () => {
  const asked = vi.fn();
  const { option } = await offered(asked);
  fireEvent.click(option);
  await waitFor(() => expect(asked).toHaveBeenCalledWith('name:shop.mail'));
});

it('offers no more once it is left', async () => {
  const { input, option } = await offered();
  fireEvent.blur(input);
  await waitFor(() => expect(option).not.toBeInTheDocument());
});
