import uPlot from 'uplot';
import type { Size } from '../app/canvas';
import { moment, type Zone } from '../format/time';
import { type ChartData, middles, type Series, split, stacked } from './model';

/** What the page around a chart decides. */
export interface Look {
  /** A colour of styles/tokens.css, as the canvas takes it. */
  readonly colour: (token: string) => string;
  readonly font: string;
  readonly zone: Zone;
  /** A value of the y axis. */
  readonly format: (value: number) => string;
  /** Name of the charts whose cursors move together. */
  readonly group: string;
  /** The step that is pointed at. */
  readonly onPoint: (index: number | null) => void;
  /** A stretch was dragged over; epoch seconds. */
  readonly onDrag: (start: number, end: number) => void;
}

/** Pixels of a chart; those that it leaves around what is drawn, for its axes and for the highest bar. */
export const HEIGHT = 168;
export const MARGINS = { top: 8, end: 20, bottom: 24, start: 56 } as const;
const DAY = 86_400;
/** Part of its step that a bar takes, and most pixels. */
const BAR: [number, number] = [0.82, 28];

/** The columns that uPlot draws, in the order of `drawn`. */
export function columns(data: ChartData): uPlot.AlignedData {
  const bars = stacked(data.series.filter(({ kind }) => kind === 'bar')).reverse();
  const lines = data.series
    .filter(({ kind }) => kind === 'line')
    .flatMap(({ values }) => {
      const { done, rest } = split(values, data.unfinished);
      return [done, rest];
    });
  return [middles(data), ...bars, ...lines];
}

function bar(series: Series, look: Look): uPlot.Series {
  const fill = look.colour(series.token);
  const paths = uPlot.paths.bars?.({ size: [BAR[0], BAR[1], 1], align: 0 });
  return { fill, stroke: fill, width: 0, points: { show: false }, ...(paths ? { paths } : {}) };
}

function line(series: Series, look: Look, unfinished: boolean): uPlot.Series {
  const dash = unfinished ? [2, 3] : series.dash && [...series.dash];
  return {
    stroke: look.colour(series.token),
    width: series.width ?? 1.5,
    points: { show: !unfinished, size: 3, filter: alone },
    spanGaps: false,
    ...(dash ? { dash } : {}),
  };
}

/** Points that have no neighbour: a line would not show them. */
function alone(plot: uPlot, seriesIndex: number): number[] {
  const values = plot.data[seriesIndex] ?? [];
  const known = (index: number) => values[index] != null;
  return [...values.keys()].filter((index) => known(index) && !known(index - 1) && !known(index + 1));
}

/** The time below an axis: hours and minutes, the day where it begins or where there are days only. */
export function tick(time: number, increment: number, zone: Zone): string {
  const text = moment(time, zone);
  return increment >= DAY || text.slice(11, 16) === '00:00' ? text.slice(5, 10) : text.slice(11, 16);
}

/** All of uPlot's options for a chart of some size; `current` is what it shows, which may change but for its series. */
export function options(current: () => ChartData, look: Look, { width, height }: Size): uPlot.Options {
  const data = current();
  const bars = data.series.filter(({ kind }) => kind === 'bar').reverse();
  const lines = data.series.filter(({ kind }) => kind === 'line');
  const axis = { stroke: look.colour('text-faint'), font: look.font, ticks: { show: false } };
  const grid = { stroke: look.colour('line'), width: 1 };
  return {
    width,
    height,
    ms: 1e-3,
    padding: [MARGINS.top, MARGINS.end, 0, 0],
    legend: { show: false },
    ...(look.zone === 'utc'
      ? { tzDate: (time: number) => uPlot.tzDate(new Date(time * 1000), 'Etc/UTC') }
      : {}),
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: true, y: false, setScale: false },
      sync: { key: look.group, setSeries: false },
    },
    scales: {
      x: { time: false, range: () => [current().start, current().end] },
      y: {
        range: (_plot, _least, most) => {
          const { range } = current();
          const pads = { min: { pad: 0, soft: 0, mode: 1 }, max: { pad: 0.08 } } as const;
          return range ? [...range] : uPlot.rangeNum(0, most > 0 ? most : 1, pads);
        },
      },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: MARGINS.bottom,
        space: 64,
        incrs: [
          60,
          300,
          900,
          1800,
          3600,
          3 * 3600,
          6 * 3600,
          12 * 3600,
          DAY,
          2 * DAY,
          7 * DAY,
          14 * DAY,
          30 * DAY,
        ],
        values: (_plot, times, _axis, _space, increment) =>
          times.map((time) => tick(time, increment, look.zone)),
      },
      {
        ...axis,
        grid,
        size: MARGINS.start,
        space: 32,
        values: (_plot, values) => values.map((value) => look.format(value)),
      },
    ],
    series: [
      {},
      ...bars.map((one) => bar(one, look)),
      ...lines.flatMap((one) => [line(one, look, false), line(one, look, true)]),
    ],
    hooks: {
      drawClear: [(plot) => hatch(plot, current(), look)],
      draw: [(plot) => bars.length > 0 && veil(plot, current(), look)],
      setCursor: [(plot) => look.onPoint(plot.cursor.idx ?? null)],
      setSelect: [(plot) => dragged(plot, look)],
    },
  };
}

function dragged(plot: uPlot, look: Look): void {
  const { left, width } = plot.select;
  if (width <= 0) return;
  look.onDrag(plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x'));
  plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
}

function within(plot: uPlot, start: number, end: number): { left: number; width: number } {
  const { left, width } = plot.bbox;
  const from = Math.max(left, plot.valToPos(start, 'x', true));
  return { left: from, width: Math.min(left + width, plot.valToPos(end, 'x', true)) - from };
}

/** Diagonals where nothing was seen: not the same as nothing having happened. */
function hatch(plot: uPlot, data: ChartData, look: Look): void {
  const { ctx, bbox } = plot;
  ctx.save();
  for (const { start, end } of data.unseen) {
    const { left, width } = within(plot, start, end);
    if (width <= 0) continue;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, bbox.top, Math.max(width, 2), bbox.height);
    ctx.fillStyle = look.colour('surface-sunken');
    ctx.fill();
    ctx.clip();
    ctx.beginPath();
    for (let x = left - bbox.height; x < left + width; x += 8 * devicePixelRatio) {
      ctx.moveTo(x, bbox.top + bbox.height);
      ctx.lineTo(x + bbox.height, bbox.top);
    }
    ctx.strokeStyle = look.colour('line-strong');
    ctx.lineWidth = devicePixelRatio / 2;
    ctx.stroke();
    ctx.restore();
  }
  ctx.restore();
}

/** The bar that still grows is pale, with a dashed outline. */
function veil(plot: uPlot, data: ChartData, look: Look): void {
  if (data.unfinished === null) return;
  const { ctx, bbox } = plot;
  const top = plot.data[1]?.[data.unfinished] ?? 0;
  if (top <= 0) return;
  const start = data.start + data.unfinished * data.step;
  const slot = within(plot, start, start + data.step);
  const width = Math.min(slot.width * BAR[0], BAR[1] * devicePixelRatio);
  const middle = plot.valToPos(start + data.step / 2, 'x', true);
  const y = plot.valToPos(top, 'y', true);
  ctx.save();
  ctx.beginPath();
  ctx.rect(middle - width / 2, y, width, bbox.top + bbox.height - y);
  ctx.globalAlpha = 0.62;
  ctx.fillStyle = look.colour('surface');
  ctx.fill();
  ctx.globalAlpha = 1;
  ctx.setLineDash([2 * devicePixelRatio, 2 * devicePixelRatio]);
  ctx.lineWidth = devicePixelRatio;
  ctx.strokeStyle = look.colour('text-soft');
  ctx.stroke();
  ctx.restore();
}
