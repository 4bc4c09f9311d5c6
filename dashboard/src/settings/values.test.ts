import { describe, expect, it } from 'vitest';
import { celeryText, optionText } from './values';

describe('the value of an option', () => {
  it.each([
    ['inspect-timeout', '10000.0', '10,000 ms (10 s)'],
    ['inspect-timeout', '500.0', '500 ms'],
    ['purge-offline-workers', '86400.0', '86,400 s (1 d)'],
    ['purge-offline-workers', '30.0', '30 s'],
    ['queue-bytes', '256', '256 MiB'],
    ['max-tasks', '1000000', '1,000,000 tasks'],
    ['max-args', '4096', '4,096 characters'],
    ['retention-age', '2592000', '2,592,000 s (30 d)'],
    ['retention-bytes', '8000000000', '8,000,000,000 bytes (8 GB)'],
    ['enable-events', 'True', 'yes'],
    ['read-only', 'False', 'no'],
  ])('%s %s is written %s', (name, value, text) => expect(optionText({ name, value })).toBe(text));

  it.each([
    ['retention-age', '30d'],
    ['retention-bytes', '80%'],
    ['port', '15555'],
    ['oauth2-min-access-level', '30'],
    ['queue-type', 'classic'],
    ['name', '007'],
  ])('%s %s stays as it is', (name, value) => expect(optionText({ name, value })).toBe(value));

  it.each([
    ['retention-age', '0', '0: for ever'],
    ['retention-bytes', '0', '0: no limit'],
    ['port', '0', '0: any free one'],
  ])('%s %s says what 0 stands for', (name, value, text) => expect(optionText({ name, value })).toBe(text));

  it('tells of a secret only that it is set', () => {
    expect(optionText({ name: 'cookie-secret', value: '***' })).toBe('set, not shown');
    expect(optionText({ name: 'cookie-secret', value: null })).toBe('not set');
  });
});

describe('the value of a setting of Celery', () => {
  it.each([
    ['task_time_limit', '3600', '3,600 s (1 h)'],
    ['worker_max_tasks_per_child', '10000', '10,000'],
    ['worker_max_memory_per_child', '200000', '200,000 KiB'],
    ['task_acks_late', 'true', 'yes'],
    ['result_expires', 'null', 'not set'],
    ['redis_password', '***', 'set, not shown'],
  ])('%s %s is written %s', (name, value, text) => expect(celeryText(name, value)).toBe(text));

  it.each([
    ['redis_port', '16379'],
    ['accept_content', '["json"]'],
    ['event_exchange', 'celeryev'],
  ])('%s %s stays as it is', (name, value) => expect(celeryText(name, value)).toBe(value));
});
