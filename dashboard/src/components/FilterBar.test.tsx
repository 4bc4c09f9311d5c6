import { act, fireEvent, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { renderPart } from '../testing/page';
import { SearchBox } from './FilterBar';

describe('a search box', () => {
  afterEach(() => vi.useRealTimers());

  it('keeps what is typed while the address is behind', () => {
    vi.useFakeTimers();
    const box = (value?: string) => <SearchBox label="Search" value={value} onChange={() => undefined} />;
    const { rerender } = renderPart(box());
    const field = screen.getByRole('textbox');
    fireEvent.change(field, { target: { value: 'ma' } });
    act(() => void vi.advanceTimersByTime(1000));
    fireEvent.change(field, { target: { value: 'mail' } });
    rerender(box('ma'));
    expect(field).toHaveValue('mail');
  });

  it('follows the address where nothing was typed since', () => {
    const box = (value?: string) => <SearchBox label="Search" value={value} onChange={() => undefined} />;
    const { rerender } = renderPart(box('mail'));
    rerender(box());
    expect(screen.getByRole('textbox')).toHaveValue('');
  });

  it('does on Enter what Enter means there, and not what typing means beside it', async () => {
    const onChange = vi.fn();
    const onEnter = vi.fn();
    renderPart(<SearchBox label="Search" value={undefined} onChange={onChange} onEnter={onEnter} />);
    await userEvent.type(screen.getByRole('textbox'), ' mail {Enter}');
    expect(onEnter.mock.calls).toEqual([['mail']]);
    expect(onChange).not.toHaveBeenCalled();
  });

  it('does on Enter at once what typing does a moment later, where nothing else is meant', async () => {
    const onChange = vi.fn();
    renderPart(<SearchBox label="Search" value={undefined} onChange={onChange} />);
    await userEvent.type(screen.getByRole('textbox'), 'mail{Enter}');
    expect(onChange.mock.calls).toEqual([['mail']]);
  });
});
