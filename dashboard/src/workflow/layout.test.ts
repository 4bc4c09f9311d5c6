import { describe, expect, it } from 'vitest';
import { forestOf, topDown } from './forest';
import { around, layoutOf, NODE } from './layout';

/** `a`, `b < a`: tasks, each with the one that it came from. */
function forest(...lines: readonly string[]) {
  return forestOf(
    lines.map((line) => {
      const [uuid = '', parent_id = null] = line.split(' < ');
      return { uuid, parent_id };
    }),
  );
}

const chain = (length: number) =>
  forest(...Array.from({ length }, (_, n) => (n === 0 ? '0' : `${n} < ${n - 1}`)));
const star = (children: number) => forest('r', ...Array.from({ length: children }, (_, n) => `${n} < r`));

function overlaps(given: ReturnType<typeof forest>): number {
  const { x, y } = layoutOf(given);
  const order = [...x.keys()];
  return order.filter((one) =>
    order.some(
      (other) =>
        one < other &&
        Math.abs((x[one] ?? 0) - (x[other] ?? 0)) < NODE.width &&
        Math.abs((y[one] ?? 0) - (y[other] ?? 0)) < NODE.height,
    ),
  ).length;
}

describe('a forest', () => {
  it('has for its roots what came from nothing known', () =>
    expect(forest('a', 'b < a', 'c < gone').roots).toEqual([0, 2]));

  it('is cut where parents go in a ring, so that each task is there once', () => {
    const ring = forest('a < c', 'b < a', 'c < b', 'd < b', 'self < self');
    expect([...topDown(ring)].sort()).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('a layout', () => {
  it('puts what came from a task to the right of it', () => {
    const { x, y, links } = layoutOf(forest('a', 'b < a', 'c < b'));
    expect(x[0]).toBeLessThan(x[1] ?? 0);
    expect(x[1]).toBeLessThan(x[2] ?? 0);
    expect([...y]).toEqual([0, 0, 0]);
    expect(links).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });

  it.each([
    ['a chain', chain(60)],
    ['many siblings', star(200)],
    [
      'chains below siblings',
      forest(
        'r',
        ...Array.from({ length: 40 }, (_, n) => [`a${n} < r`, `b${n} < a${n}`, `c${n} < b${n}`]).flat(),
      ),
    ],
    [
      'a chord after a chord',
      forest(
        'r',
        ...Array.from({ length: 30 }, (_, n) => `a${n} < r`),
        'x < a29',
        ...Array.from({ length: 30 }, (_, n) => `b${n} < x`),
      ),
    ],
    ['many roots', forest(...Array.from({ length: 50 }, (_, n) => `r${n}`))],
  ])('lets no two nodes of %s overlap', (_, given) => expect(overlaps(given)).toBe(0));

  it('frames many siblings, with no line to each', () => {
    const { frames, links } = layoutOf(star(100));
    expect(frames).toMatchObject([{ parent: 0 }]);
    expect(links).toEqual([]);
  });

  it.each([
    ['siblings', star(10_000)],
    ['a chain', chain(10_000)],
  ])('of ten thousand (%s) is about as high as wide', (_, given) => {
    const { width, height } = layoutOf(given);
    expect(width / height).toBeGreaterThan(0.5);
    expect(width / height).toBeLessThan(5);
  });

  it('leaves a node where it was when a sibling comes after it', () => {
    const [before, after] = [layoutOf(star(5)), layoutOf(star(6))];
    expect([...after.x.slice(0, 6)]).toEqual([...before.x]);
    expect([...after.y.slice(0, 6)]).toEqual([...before.y]);
  });

  it('knows the rectangle around some nodes', () => {
    const layout = layoutOf(forest('a', 'b < a', 'c < a'));
    expect(around(layout, [2])).toEqual({ x: layout.x[2], y: layout.y[2], ...NODE });
    expect(around(layout, [])).toMatchObject({ width: layout.width, height: layout.height });
  });
});
