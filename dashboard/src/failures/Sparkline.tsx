import './Sparkline.css';

const [WIDTH, HEIGHT] = [96, 20];

interface SparklineProps {
  /** How many in equal parts of a range, oldest first; null where that is not known: a gap. */
  readonly parts: readonly (number | null)[];
  /** What there is one of is no failure: it has no colour. */
  readonly plain?: boolean;
}

/**
 * Its scale is its own. A picture only: the number stands beside. No uPlot, which would be a canvas, a chart and its
 * script for each row of a table that is scrolled.
 */
export function Sparkline({ parts, plain = false }: SparklineProps) {
  const top = Math.max(1, ...parts.map((n) => n ?? 0));
  const width = WIDTH / parts.length;
  return (
    <svg
      className="sparkline"
      width={WIDTH}
      height={HEIGHT}
      aria-hidden="true"
      data-plain={plain ? '' : undefined}
    >
      {parts.map((n, index) => {
        if (n === null) return null;
        const height = n === 0 ? 1 : Math.max(3, (n / top) * HEIGHT);
        return (
          <rect
            key={index}
            x={index * width}
            width={Math.max(1, width - 1)}
            y={HEIGHT - height}
            height={height}
            data-some={n > 0 ? '' : undefined}
          />
        );
      })}
    </svg>
  );
}
