import { describe, expect, it } from 'vitest';
import { attemptsOf, ran, waited } from './attempts';

/** `received 10 w1` as an event. */
function events(...lines: readonly string[]) {
  return lines.map((line) => {
    const [type, time, worker] = line.split(' ');
    return { type: `task-${type}`, timestamp: Number(time), worker: worker ?? null, fields: null };
  });
}

const short = (...lines: readonly string[]) =>
  attemptsOf(events(...lines)).map(({ cause, worker, end }) => [cause, worker, end]);

describe('the attempts of a task', () => {
  it('are one where it simply ran', () => {
    const [only, ...others] = attemptsOf(events('sent 1', 'received 2 w', 'started 5 w', 'succeeded 9 w'));
    expect(only).toEqual({
      cause: 'first',
      worker: 'w',
      sent: 1,
      received: 2,
      started: 5,
      ended: 9,
      end: 'task-succeeded',
    });
    expect(others).toEqual([]);
    expect([only && waited(only), only && ran(only)]).toEqual([4, 4]);
  });

  it('are two with a retry, whose message is sent before the retry is told', () =>
    expect(
      short(
        'sent 1',
        'received 2 a',
        'started 3 a',
        'sent 4 a',
        'retried 5 a',
        'received 6 b',
        'started 7 b',
        'failed 8 b',
      ),
    ).toEqual([
      ['first', 'a', 'task-retried'],
      ['retry', 'b', 'task-failed'],
    ]));

  it('are told apart also where the next worker was quicker than the word of the retry', () =>
    expect(
      short('received 2 a', 'started 3 a', 'received 4 b', 'retried 5 a', 'started 6 b', 'succeeded 7 b'),
    ).toEqual([
      ['first', 'a', 'task-retried'],
      ['retry', 'b', 'task-succeeded'],
    ]));

  it('have the sending of their message also where it was told after its receipt', () =>
    expect(attemptsOf(events('received 1 a', 'sent 1.1', 'started 2 a', 'succeeded 3 a'))).toMatchObject([
      { sent: 1.1, received: 1, end: 'task-succeeded' },
    ]));

  it('leave the first sending out where only that of a retry was told', () =>
    expect(
      attemptsOf(events('received 1 a', 'started 2 a', 'sent 3 a', 'retried 4 a', 'received 5 a')),
    ).toMatchObject([{ sent: null }, { sent: 3, cause: 'retry' }]));

  it('are delivered again where no retry was told', () =>
    expect(short('received 1 a', 'started 2 a', 'received 9 b', 'started 10 b', 'succeeded 11 b')).toEqual([
      ['first', 'a', null],
      ['redelivered', 'b', 'task-succeeded'],
    ]));

  it('end with the worker that says so, although another has it by now', () =>
    expect(short('received 1 a', 'started 2 a', 'received 3 b', 'started 4 b', 'succeeded 5 a')).toEqual([
      ['first', 'a', 'task-succeeded'],
      ['redelivered', 'b', null],
    ]));

  it('have the time of their own message', () =>
    expect(
      attemptsOf(events('sent 1', 'started 2 a', 'sent 3 a', 'retried 3.5 a', 'started 9 a')).map(waited),
    ).toEqual([1, 6]));

  it('are there where nothing but the end was seen', () =>
    expect(short('revoked 3 w')).toEqual([['first', 'w', 'task-revoked']]));

  it('are none without events, and events of a task itself are none', () =>
    expect([short(), short('progress 3 w')]).toEqual([[], []]));
});
