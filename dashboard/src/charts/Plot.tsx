import { useEffect, useEffectEvent, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { colourOf, useSize, useTheme } from '../app/canvas';
import { useZone } from '../app/services';
import type { ChartData } from './model';
import { columns, HEIGHT, type Look, options } from './options';

export interface PlotProps {
  readonly data: ChartData;
  readonly format: Look['format'];
  readonly group: string;
  readonly onPoint: Look['onPoint'];
  readonly onDrag: Look['onDrag'];
  /** Pixels; the same for all its life. */
  readonly height?: number;
}

/** The picture of a chart; all it says is in words beside it. Later data moves neither the cursor nor what is dragged. */
export default function Plot({ data, format, group, onPoint, onDrag, height = HEIGHT }: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const { width } = useSize(place);
  const zone = useZone();
  const theme = useTheme();
  const point = useEffectEvent(onPoint);
  const drag = useEffectEvent(onDrag);
  const formatted = useEffectEvent(format);
  const current = useEffectEvent(() => data);
  const kinds = data.series.map(({ key }) => key).join();
  useEffect(() => {
    const element = place.current;
    if (element === null || width === 0) return;
    const look: Look = {
      colour: colourOf(element),
      font: `12px ${getComputedStyle(element).fontFamily}`,
      zone,
      group,
      format: (value) => formatted(value),
      onPoint: (index) => point(index),
      onDrag: (start, end) => drag(start, end),
    };
    const made = new uPlot(
      options(() => current(), look, { width, height }),
      columns(current()),
      element,
    );
    plot.current = made;
    return () => {
      made.destroy();
      plot.current = null;
    };
  }, [kinds, width, height, zone, theme, group]);
  useEffect(() => plot.current?.setData(columns(data)), [data]);
  return <div ref={place} className="chart-plot" aria-hidden="true" />;
}
