import { expect, it } from 'vitest';
import { fromField, toField } from './instants';

it('a moment in UTC is shown and read as it stands', () => {
  expect(toField('2026-11-21T14:03:00Z', 'utc')).toBe('2026-11-21T14:03');
  expect(fromField('2026-11-21T14:03', 'utc')).toBe('2026-11-21T14:03:00Z');
});

it('a moment in the time of the browser comes back as it was', () =>
  expect(fromField(toField('2026-11-21T14:03:00Z', 'local'), 'local')).toBe('2026-11-21T14:03:00Z'));

it.each(['', '2026-11-', 'soon'])('what is no moment yet (%s) is none', (text) =>
  expect(fromField(text, 'utc')).toBeUndefined(),
);
