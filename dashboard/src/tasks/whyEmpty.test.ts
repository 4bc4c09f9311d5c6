import { describe, expect, it } from 'vitest';
import { makeSummary } from '../testing/make';
import { whyEmpty } from './whyEmpty';

const nothing = { tasks: { kept: 0, states: {} } };
const { broker } = makeSummary();

describe('why a list of tasks is empty', () => {
  it('the filter', () => expect(whyEmpty({ name: 'x' }, makeSummary())).toBe('filtered'));
  it('the broker, also behind a filter', () => {
    const cut = makeSummary({ ...nothing, broker: { ...broker, state: 'disconnected' } });
    expect([whyEmpty({}, cut), whyEmpty({ name: 'x' }, cut)]).toEqual(['not-connected', 'not-connected']);
  });
  it('no worker', () =>
    expect(whyEmpty({}, makeSummary({ ...nothing, workers: { online: 0, offline: 0, lost: 0 } }))).toBe(
      'no-worker',
    ));
  it('events that are off', () => {
    const notices = [{ code: 'events-disabled', severity: 'warning', message: '', fix: '' }] as const;
    expect(whyEmpty({}, makeSummary({ ...nothing, notices }))).toBe('no-events');
  });
  it('that nothing has run', () => expect(whyEmpty({}, makeSummary(nothing))).toBe('nothing-ran'));
});
