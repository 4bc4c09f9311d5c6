import './Sparkline.css';

const [WIDTH, HEIGHT] = [96, 20];

/** How often in equal parts of a range, oldest first; its scale is its own. A picture only: the number stands beside. */
export function Sparkline({ parts }: { readonly parts: readonly number[] }) {
  const top = Math.max(1, ...parts);
  const width = WIDTH / parts.length;
  return (
    <svg className="sparkline" width={WIDTH} height={HEIGHT} aria-hidden="true">
      {parts.map((n, index) => (
        <rect
          key={index}
          x={index * width}
          width={Math.max(1, width - 1)}
          y={n === 0 ? HEIGHT - 1 : HEIGHT - Math.max(3, (n / top) * HEIGHT)}
          height={n === 0 ? 1 : Math.max(3, (n / top) * HEIGHT)}
          data-some={n > 0 ? '' : undefined}
        />
      ))}
    </svg>
  );
}
