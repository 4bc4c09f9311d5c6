import { useEffect, useEffectEvent, useRef, useState, useSyncExternalStore } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useServices, useZone } from '../app/services';
import type { ChartData } from './model';
import { columns, type Look, options } from './options';

export interface PlotProps {
  readonly data: ChartData;
  readonly format: Look['format'];
  readonly group: string;
  readonly onPoint: Look['onPoint'];
  readonly onDrag: Look['onDrag'];
}

/** The picture of a chart; all it says is in words beside it. Later data moves neither the cursor nor what is dragged. */
export default function Plot({ data, format, group, onPoint, onDrag }: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const width = useWidth(place);
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
      options(() => current(), look, width),
      columns(current()),
      element,
    );
    plot.current = made;
    return () => {
      made.destroy();
      plot.current = null;
    };
  }, [kinds, width, zone, theme, group]);
  useEffect(() => plot.current?.setData(columns(data)), [data]);
  return <div ref={place} className="chart-plot" aria-hidden="true" />;
}

function useWidth(place: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (place.current === null) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [place]);
  return width;
}

const DARK = '(prefers-color-scheme: dark)';

function watchSystem(watcher: () => void): () => void {
  const media = window.matchMedia(DARK);
  media.addEventListener('change', watcher);
  return () => media.removeEventListener('change', watcher);
}

/** A text that changes when the colours do. */
function useTheme(): string {
  const { theme } = useServices().preferences;
  const chosen = useSyncExternalStore(theme.subscribe, theme.get);
  const dark = useSyncExternalStore(watchSystem, () => window.matchMedia(DARK).matches);
  return `${chosen} ${String(dark)}`;
}

/** A canvas knows no custom properties: the browser is asked what each is here and now. */
function colourOf(element: HTMLElement): (token: string) => string {
  const known = new Map<string, string>();
  return (token) => {
    const found = known.get(token);
    if (found !== undefined) return found;
    element.style.color = `var(--${token})`;
    const colour = getComputedStyle(element).color;
    element.style.color = '';
    known.set(token, colour);
    return colour;
  };
}
