import { ChevronLeft, ChevronRight, ZoomOut } from 'lucide-react';
import { fixed, moved, type RangeSearch, type Span, SPANS, SPAN_WORDS, spanText, wider } from '../app/range';
import { useServices, useZone } from '../app/services';
import { useShortcuts } from '../app/shortcuts';
import { FilterSelect, type Option } from './FilterBar';
import './RangeBar.css';

const OPTIONS: readonly Option[] = SPAN_WORDS.map((word) => ({ value: word, label: SPANS[word].label }));
/** A range that stays has no word. */
const CHOSEN = 'chosen';

interface RangeBarProps {
  readonly span: Span;
  readonly onChange: (search: RangeSearch) => void;
}

/** The range of a page: picked from a list, moved by its length with `[` and `]`, widened; charts set it by dragging. */
export function RangeBar({ span, onChange }: RangeBarProps) {
  const { clock } = useServices();
  const zone = useZone();
  const text = spanText(span, zone);
  const earlier = () => onChange(moved(span, -1, clock.now()));
  const later = () => onChange(moved(span, 1, clock.now()));
  useShortcuts({ '[': earlier, ']': () => span.word === null && later() });
  const options = span.word === null ? [...OPTIONS, { value: CHOSEN, label: text }] : OPTIONS;
  const pick = (value: string | undefined) => {
    const word = SPAN_WORDS.find((known) => known === value);
    onChange(word ? { range: word, start: undefined, end: undefined } : fixed(span.start, span.end));
  };
  return (
    <div className="range-bar">
      <FilterSelect label="Time range" options={options} value={span.word ?? CHOSEN} onChange={pick} />
      <RangeButton label="Earlier ([)" onClick={earlier}>
        <ChevronLeft size={16} aria-hidden="true" />
      </RangeButton>
      <RangeButton label="Later (])" onClick={later} disabled={span.word !== null}>
        <ChevronRight size={16} aria-hidden="true" />
      </RangeButton>
      <RangeButton label="Twice as long" onClick={() => onChange(wider(span, clock.now()))}>
        <ZoomOut size={16} aria-hidden="true" />
      </RangeButton>
    </div>
  );
}

interface ButtonProps {
  readonly label: string;
  readonly onClick: () => void;
  readonly disabled?: boolean;
  readonly children: React.ReactNode;
}

function RangeButton({ label, onClick, disabled, children }: ButtonProps) {
  return (
    <button
      type="button"
      className="icon-button range-button"
      aria-label={label}
      title={label}
      onClick={onClick}
      disabled={disabled}
    >
      {children}
    </button>
  );
}
