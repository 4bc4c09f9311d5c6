/** Cuts the middle out of a long id: both ends are what people compare. Counts code points, never halves one. */
export function cutMiddle(text: string, length: number): string {
  const points = Array.from(text);
  if (points.length <= length) return text;
  const head = Math.ceil((length - 1) / 2);
  const tail = Math.floor((length - 1) / 2);
  return `${points.slice(0, head).join('')}…${points.slice(points.length - tail).join('')}`;
}
