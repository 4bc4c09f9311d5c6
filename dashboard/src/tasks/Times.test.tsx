import { fireEvent, screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { renderPart } from '../testing/page';
import type { TaskFilter } from './filter';
import type { Histogram } from './histogram';
import { Times } from './Times';
import TimesChart from './TimesChart';

/** Ten minutes from the first noon of 1970, with a task in each. */
const HISTOGRAM: Histogram = {
  start: 43_200,
  end: 43_800,
  step: 60,
  counted_from: 43_200,
  created: 1,
  points: Array.from({ length: 10 }, (_, index) => ({ start: 43_200 + index * 60, n: 1, failed: 0 })),
  gaps: [],
};
const FILTER: TaskFilter = {};

function chart(histogram: Histogram = HISTOGRAM, filter: TaskFilter = FILTER) {
  const onChange = vi.fn<(change: Partial<TaskFilter>) => void>();
  renderPart(<TimesChart filter={filter} onChange={onChange} fold={null} />, [
    [['histogram', { range: filter.range }], histogram],
  ]);
  return onChange;
}

const handle = (name: string) => screen.getByRole('slider', { name });

it('counts what lies between its handles', () => {
  chart();
  expect(screen.getByText('10 tasks')).toBeVisible();
  fireEvent.keyDown(handle('Received from'), { key: 'ArrowRight' });
  expect(screen.getByText('9 tasks')).toBeVisible();
});

it('is narrowed by its handles with the keyboard, at once with Enter', () => {
  const onChange = chart();
  fireEvent.keyDown(handle('Received from'), { key: 'ArrowRight' });
  fireEvent.keyDown(handle('Received until'), { key: 'ArrowLeft' });
  expect(onChange).not.toHaveBeenCalled();
  fireEvent.keyDown(handle('Received until'), { key: 'Enter' });
  expect(onChange).toHaveBeenCalledExactlyOnceWith({
    range: 'between',
    from: '1970-01-01T12:01:00Z',
    to: '1970-01-01T12:09:00Z',
  });
});

it('is narrowed by a press on the button too', () => {
  const onChange = chart();
  expect(screen.queryByText('Only these')).toBeNull();
  fireEvent.keyDown(handle('Received until'), { key: 'Home' });
  fireEvent.click(screen.getByText('Only these'));
  expect(onChange.mock.lastCall?.[0].to).toBe('1970-01-01T12:01:00Z');
});

it('takes back with Escape what was not asked for yet', () => {
  chart();
  fireEvent.keyDown(handle('Received from'), { key: 'ArrowRight' });
  fireEvent.keyDown(handle('Received from'), { key: 'Escape' });
  expect(screen.getByText('10 tasks')).toBeVisible();
});

it('tells the times of its handles to those who do not see it', () => {
  chart();
  expect(handle('Received until')).toHaveAttribute('aria-valuetext', expect.stringMatching(/^1970-01-0\d /));
});

it('shows all times again with a press', () => {
  const onChange = chart(HISTOGRAM, { range: '1h' });
  fireEvent.click(screen.getByText('All times'));
  expect(onChange).toHaveBeenCalledExactlyOnceWith({ range: undefined, from: undefined, to: undefined });
});

it('says that nothing was received', () => {
  chart({ ...HISTOGRAM, points: HISTOGRAM.points.map((bar) => ({ ...bar, n: 0 })) });
  expect(screen.getByText('Nothing was received in this time')).toBeVisible();
});

it('says what it could not count', () => {
  const points = HISTOGRAM.points.map((bar, index) => (index < 5 ? { ...bar, n: null, failed: null } : bar));
  chart({ ...HISTOGRAM, counted_from: 43_500, points });
  expect(screen.getByText('more than 5 tasks')).toBeVisible();
  expect(screen.getByText(/^counted from 1970/)).toBeVisible();
});

it('is folded away, and stays so', () => {
  const { services } = renderPart(<Times filter={FILTER} onChange={() => undefined} />);
  fireEvent.click(screen.getByRole('button', { name: 'When received', expanded: true }));
  expect(services.preferences.times.get()).toBe('folded');
  expect(screen.getByRole('button', { name: 'When received', expanded: false })).toBeVisible();
});
