import { expect, it } from 'vitest';
import { fitting } from './commands';

const make = (label: string, what: string) => ({ label, what, run: () => undefined });
const COMMANDS = [
  make('Failures', 'page'),
  make('Failed in the last hour', 'view'),
  make('fail@w1', 'worker'),
];
const labels = (text: string) => fitting(COMMANDS, text).map(({ label }) => label);

it('offers everything before anything is typed', () => {
  expect(labels('')).toHaveLength(3);
});

it('wants every word, wherever it stands', () => {
  expect(labels('hour FAIL')).toEqual(['Failed in the last hour']);
});

it('finds by what a thing is', () => {
  expect(labels('worker')).toEqual(['fail@w1']);
});

it('shows no more than can be read', () => {
  const many = Array.from({ length: 1000 }, (_, index) => make(`queue ${index}`, 'queue'));
  expect(fitting(many, 'queue')).toHaveLength(50);
});

it('puts what begins with the text first', () => {
  const offered = fitting([make('Overview', 'page'), make('w1@test', 'worker')], 'w');
  expect(offered.map(({ label }) => label)).toEqual(['w1@test', 'Overview']);
});
