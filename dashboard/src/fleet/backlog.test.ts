import { describe, expect, it } from 'vitest';
import { makeMonitor } from '../testing/make';
import { backlogWords, waiting } from './backlog';

const WHY = 'Clients do not tell.';
const of = (tasks: number | null, sent: number | null, received: number | null, unknown: string | null) =>
  makeMonitor({ name: 'a', backlog: { tasks, sent, received, unknown } });

describe('the backlog', () => {
  it('is a number where clients tell what they send', () => {
    expect(backlogWords(of(1240, 1200, 40, null)).text).toBe('1.24k');
    expect(waiting(of(1240, 1200, 40, null))).toBe(1240);
  });

  it('is at least what workers hold where they do not', () =>
    expect(backlogWords(of(12, null, 12, WHY))).toEqual({
      text: '≥ 12',
      title: `12 tasks at a worker and not begun. ${WHY}`,
    }));

  it('is never called 0 where nobody tells', () => {
    expect(backlogWords(of(0, null, 0, WHY))).toEqual({ text: 'not told', title: WHY });
    expect(waiting(of(0, null, 0, WHY))).toBeNull();
  });

  it('of a monitor that was not heard is not known', () =>
    expect(backlogWords(of(null, null, null, 'It has not answered yet.'))).toEqual({
      text: '–',
      title: 'It has not answered yet.',
    }));
});
