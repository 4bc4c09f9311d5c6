import { useServices } from './services';
import { type RangeSearch, type Span, spanOf, type SpanWord, SPANS } from './range';

/** Steps of a chart: as many as can be told apart on a small screen. */
export const POINTS = 120;

/** Milliseconds after which a range that ends now is asked for again: when its last step has changed visibly. */
export function refreshAfter(word: SpanWord | null): number | false {
  return word === null ? false : Math.min(300_000, Math.max(5_000, (SPANS[word].seconds / POINTS) * 500));
}

/** The range of the URL, as it is when it is asked for. */
export function useSpan(search: RangeSearch, fallback: SpanWord): () => Span {
  const { clock } = useServices();
  return () => spanOf(search, fallback, clock.now());
}
