import { expect, it } from 'vitest';
import { folded, LITTLE } from './fold';

const text = (lines: number) => Array.from({ length: lines }, (_, line) => `line ${line}`).join('\n');

it('a short text is shown whole', () => expect(folded(text(29))).toEqual({ short: null, lines: 29 }));

it('of a long text its beginning and its end are shown', () => {
  const { short, lines } = folded(text(10_000));
  expect(lines).toBe(10_000);
  expect(short?.split('\n')).toHaveLength(29);
  expect(short).toMatch(/^line 0\n/);
  expect(short).toMatch(/… 9972 lines …[^]*line 9999$/);
});

it('beside other things only its end is shown', () => {
  const { short } = folded(text(100), LITTLE);
  expect(short).toMatch(/^ {2}… 92 lines …\nline 92\n[^]*line 99$/);
});
