import { describe, expect, it } from 'vitest';
import { makeWorker } from '../testing/make';
import { ratesOf, type Sample, sampled } from './rates';

const worker = (succeeded: number, failed = 0) =>
  makeWorker({ hostname: 'w1', counters: { 'task-succeeded': succeeded, 'task-failed': failed } });
const sample = (at: number, ...workers: ReturnType<typeof worker>[]): Sample => ({ at, workers });

describe('rates of a worker', () => {
  it('are attempts that ended in a minute', () => {
    const rates = ratesOf([sample(0, worker(10)), sample(30, worker(15, 1))]);
    expect(rates.get('w1')).toEqual({ ended: 12, failed: 2 });
  });

  it('are not known at first', () => {
    expect(ratesOf([sample(0, worker(10)), sample(2, worker(15))]).size).toBe(0);
    expect(ratesOf([]).size).toBe(0);
  });

  it('are not known of one that counts anew', () => {
    expect(ratesOf([sample(0, worker(10)), sample(30, worker(3))]).get('w1')).toBeUndefined();
  });

  it('are not known of one that was not there', () => {
    expect(ratesOf([sample(0), sample(30, worker(3))]).size).toBe(0);
  });
});

describe('samples', () => {
  it('go back a minute, with one to measure from', () => {
    let samples: readonly Sample[] = [];
    for (const at of [0, 20, 40, 60, 80]) samples = sampled(samples, [], at);
    expect(samples.map(({ at }) => at)).toEqual([20, 40, 60, 80]);
  });

  it('are a second apart', () => {
    const samples = sampled(sampled(sampled([], [], 0), [], 10), [worker(1)], 10.5);
    expect(samples.map(({ at }) => at)).toEqual([0, 10.5]);
  });
});
