import { type ReactNode, useMemo, useState } from 'react';
import { useServices, useZone } from '../app/services';
import { spanText } from '../app/range';
import Plot from '../charts/Plot';
import { isEmpty } from '../charts/model';
import { useStale } from '../components/Connection';
import { compact, UNKNOWN } from '../format/number';
import { moment } from '../format/time';
import { Brush } from './Brush';
import type { TaskFilter } from './filter';
import { chartOf, countText, filterOfPart, type Histogram, type Part, partOf, stepText } from './histogram';
import { TimesNumbers } from './TimesNumbers';
import { useHistogram } from './useHistogram';

/** Pixels of the picture. */
const HEIGHT = 96;

export interface TimesChartProps {
  readonly filter: TaskFilter;
  readonly onChange: (change: Partial<TaskFilter>) => void;
  /** The button that folds it away. */
  readonly fold: ReactNode;
}

/** How many of the tasks that are listed were received when. Dragging over it, or its handles, choose a part of it. */
export default function TimesChart({ filter, onChange, fold }: TimesChartProps) {
  const { data, error, isPlaceholderData, refetch } = useHistogram(filter);
  const stale = useStale() || isPlaceholderData || error !== null;
  if (data !== undefined)
    return <Shown histogram={data} stale={stale} filter={filter} onChange={onChange} fold={fold} />;
  return (
    <>
      <div className="times-words">{fold}</div>
      <div className="times-area">
        {error && (
          <p className="times-empty soft" role="alert">
            It could not be counted: {error.message}
            <button type="button" className="button" onClick={() => void refetch()}>
              Try again
            </button>
          </p>
        )}
      </div>
    </>
  );
}

interface ShownProps extends TimesChartProps {
  readonly histogram: Histogram;
  readonly stale: boolean;
}

function Shown({ histogram, stale, filter, onChange, fold }: ShownProps) {
  const { clock } = useServices();
  // The time of the answer, not of the drawing: a chart that is drawn anew each second would flicker.
  const now = useMemo(() => Math.max(clock.now(), histogram.start), [clock, histogram]);
  const { state } = filter;
  const data = useMemo(() => chartOf(histogram, state, now), [histogram, state, now]);
  const [pointed, setPointed] = useState<number | null>(null);
  const [draft, setDraft] = useDraft(histogram, JSON.stringify(filter));
  const whole = { from: histogram.start, to: histogram.end };
  const choose = (part: Part | null) => {
    setDraft(null);
    if (part !== null) onChange(filterOfPart(part, now));
  };
  const clear = () => onChange({ range: undefined, from: undefined, to: undefined });
  const bar = pointed === null ? undefined : histogram.points[pointed];
  const shown = draft ?? (bar ? { from: bar.start, to: bar.start + histogram.step } : whole);
  return (
    <>
      <div className="times-words">
        {fold}
        <Words histogram={histogram} part={shown} search={filter.search !== undefined} />
        {draft && (
          <button type="button" className="field" onClick={() => choose(draft)}>
            Only these
          </button>
        )}
        {filter.range !== undefined && (
          <button type="button" className="field" onClick={clear}>
            All times
          </button>
        )}
      </div>
      {/* The keyboard's way to the same is the button above. */}
      {/* eslint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div className="times-area" data-stale={stale ? '' : undefined} onDoubleClick={clear}>
        <Plot
          data={data}
          height={HEIGHT}
          format={wholeNumbers}
          group="tasks"
          onDrag={(from, to) => choose(partOf(histogram, from, to))}
          onPoint={setPointed}
        />
        {isEmpty(data) && histogram.counted_from === histogram.start && (
          <p className="times-empty soft">Nothing was received in this time</p>
        )}
        <Brush
          histogram={histogram}
          part={draft ?? whole}
          onChange={setDraft}
          onApply={choose}
          onReset={() => setDraft(null)}
        />
      </div>
      <TimesNumbers histogram={histogram} />
    </>
  );
}

/** What is chosen but not yet asked for. It holds for the filter that it was chosen in, within what is shown. */
function useDraft(histogram: Histogram, filter: string) {
  const [kept, keep] = useState<{ readonly filter: string; readonly part: Part } | null>(null);
  const { start, end } = histogram;
  const part = kept?.filter === filter ? kept.part : null;
  const [from, to] = [Math.max(start, part?.from ?? start), Math.min(end, part?.to ?? end)];
  const narrowed = part !== null && from < to && (from > start || to < end);
  const set = (next: Part | null) => keep(next && { filter, part: next });
  return [narrowed ? { from, to } : null, set] as const;
}

interface WordsProps {
  readonly histogram: Histogram;
  readonly part: Part;
  /** Whether words are searched for, which can't be counted. */
  readonly search: boolean;
}

function Words({ histogram, part, search }: WordsProps) {
  const zone = useZone();
  const { start, step, counted_from } = histogram;
  return (
    <span className="times-said soft">
      <span>{spanText({ start: part.from, end: part.to, word: null }, zone)}</span>
      <b>{countText(histogram, part)}</b>
      <span>{stepText(step)}</span>
      {search && <span>with or without the words searched for</span>}
      {counted_from > start && (
        <span>counted from {moment(counted_from, zone).slice(0, 16)} on: before it are too many</span>
      )}
    </span>
  );
}

/** Half a task is none. */
function wholeNumbers(value: number | null): string {
  if (value === null) return UNKNOWN;
  return Number.isInteger(value) ? compact(value) : '';
}
