import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { STATES } from '../tasks/filter';
import { StateBadge } from './Badge';

it.each(STATES)('%s has a word and a shape, not a colour alone', (state) => {
  const { container } = render(<StateBadge state={state} />);
  expect(container).toHaveTextContent(new RegExp(state, 'i'));
  expect(container.querySelector('svg')).toHaveAttribute('aria-hidden', 'true');
});

it('gives every state of Celery a shape of its own', () => {
  const shapes = STATES.map(
    (state) => render(<StateBadge state={state} />).container.querySelector('svg')?.innerHTML,
  );
  expect(new Set(shapes).size).toBe(STATES.length);
});

it('shows a custom state in its own words', () => {
  render(<StateBadge state="WAITING_FOR_REVIEW" />);
  expect(screen.getByText('Waiting for review')).toBeVisible();
});
