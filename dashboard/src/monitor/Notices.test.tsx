import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { Notice } from '../api/types';
import { renderPart } from '../testing/page';
import { Notices } from './Notices';

const NOTICE: Notice = {
  code: 'events',
  severity: 'warning',
  message: 'Events are off.',
  fix: 'Start with -E.',
};

describe('the notices above a page', () => {
  it('announces a later one, and shows it on a press', async () => {
    const page = renderPart(<Notices current={[]} />);
    page.rerender(<Notices current={[NOTICE]} />);
    expect(screen.queryByText(/Events are off/)).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: '1 new notice' }));
    expect(screen.getByText(/Events are off/)).toBeVisible();
  });

  it('says of one in place that it is over', () => {
    const page = renderPart(<Notices current={[NOTICE]} />);
    page.rerender(<Notices current={[]} />);
    expect(screen.getByText('Over.')).toBeVisible();
  });

  it('takes one away when it is closed', async () => {
    renderPart(<Notices current={[NOTICE]} />);
    await userEvent.click(screen.getByRole('button', { name: 'Close this notice' }));
    expect(screen.queryByText(/Events are off/)).toBeNull();
  });
});
