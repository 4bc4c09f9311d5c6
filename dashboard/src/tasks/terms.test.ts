import { describe, expect, it } from 'vitest';
import { complete } from './complete';
import { explain } from './explain';
import { joined, quoted, tailOf, term, unfinished } from './terms';

describe('a word of a query', () => {
  it.each([
    ['shop.pay', 'shop.pay'],
    ['two words', '"two words"'],
    ['(1, 2)', '"(1, 2)"'],
    ['say "hi"', '"say \\"hi\\""'],
    ['-5', '"-5"'],
    ['OR', '"OR"'],
    ['a\\b', '"a\\\\b"'],
  ])('%s is written %s', (text, written) => expect(quoted(text)).toBe(written));

  it('of a field has its value in quotes', () => expect(term('args', 'a b')).toBe('args:"a b"'));
});

describe('one more condition', () => {
  it('stands beside the others', () => expect(joined('a:1', 'b:2', 'AND')).toBe('a:1 b:2'));
  it('holds for both sides of an OR', () =>
    expect(joined('one OR two', 'three', 'AND')).toBe('(one OR two) three'));
  it('can be another way to fit', () => expect(joined('one', 'two', 'OR')).toBe('one OR two'));
  it('is all where there was none', () => expect(joined(' ', 'two', 'OR')).toBe('two'));
});

describe('the word that is typed', () => {
  it.each([
    ['', 0, ''],
    ['name:sh', 0, 'name:sh'],
    ['one two', 4, 'two'],
    ['one ', 4, ''],
    ['(state:FA', 1, 'state:FA'],
    ['args:"two wo', 0, 'args:"two wo'],
    ['args:"a \\" b" na', 14, 'na'],
  ])('of %s begins at %d', (query, start, text) => expect(tailOf(query)).toMatchObject({ start, text }));
});

describe('a query that is still being typed', () => {
  it.each(['a', 'ab', 'shop o', 'name:', 'name:sh', 'args:"two', 'state:', 'kwargs:ab'])('is %s', (query) =>
    expect(unfinished(query)).toMatch(/^…/),
  );
  it.each(['', 'abc', 'shop ', 'name:sho', 'state:R', 'kwargs:n=4', 'one OR', 'args:"a b"'])(
    'is not %s',
    (query) => expect(unfinished(query)).toBeNull(),
  );
});

const KNOWN = {
  names: ['shop.pay', 'mail.send', 'pay'],
  workers: ['celery@one'],
  states: ['FAILURE', 'RETRY'],
};
const labels = (query: string) => complete(query, KNOWN).map(({ label }) => label);

describe('what is offered', () => {
  it('are the fields first', () =>
    expect(labels('')).toEqual(['name:', 'state:', 'worker:', 'args:', 'kwargs:', 'result:']));
  it('are values of the field, those that begin so first', () =>
    expect(labels('name:pa')).toEqual(['name:pay', 'name:shop.pay']));
  it('are states in any case', () => expect(labels('x state:fa')).toEqual(['state:FAILURE']));
  it('keeps what was typed before', () =>
    expect(complete('(one OR wo', KNOWN)[0]).toMatchObject({ value: '(one OR worker:' }));
  it('finds names and workers without a field', () => expect(labels('cel')).toEqual(['worker:celery@one']));
  it('is nothing where the word is whole', () => expect(labels('state:RETRY')).toEqual([]));
});

describe('an error', () => {
  it('is shown at its place', () =>
    expect(explain('one NOT two', 'NOT is not supported at position 4.')).toMatchObject({
      message: 'NOT is not supported',
      place: ['one ', 'N', 'OT two'],
    }));
  it('counts characters as the server does', () =>
    expect(explain('😀 (', 'Expected a search term at position 3.').place).toEqual(['😀 (', '', '']));
  it('of the whole has no place', () =>
    expect(explain('x', 'Query exceeds 128 tokens.')).toMatchObject({
      message: 'Query exceeds 128 tokens',
      place: null,
    }));
});
