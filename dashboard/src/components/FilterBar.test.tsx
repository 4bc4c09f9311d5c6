import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { renderPart } from '../testing/page';
import { SearchBox } from './FilterBar';

describe('a search box', () => {
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
