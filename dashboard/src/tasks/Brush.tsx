import { Slider } from '@base-ui/react/slider';
import type { KeyboardEvent } from 'react';
import { useZone } from '../app/services';
import { moment } from '../format/time';
import type { Histogram, Part } from './histogram';

interface BrushProps {
  readonly histogram: Histogram;
  /** What lies between the handles. */
  readonly part: Part;
  /** Told with each step of a handle. */
  readonly onChange: (part: Part) => void;
  /** Told when a handle was let go, and with Enter. */
  readonly onApply: (part: Part) => void;
  /** Told with Escape. */
  readonly onReset: () => void;
}

const LABELS = ['Received from', 'Received until'] as const;

/** Two handles on the ends of a chart: what dragging over it does, by keyboard too. It lies over what is drawn. */
export function Brush({ histogram, part, onChange, onApply, onReset }: BrushProps) {
  const { start, end, step } = histogram;
  const zone = useZone();
  const whole = part.from === start && part.to === end;
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Enter') onApply(part);
    if (event.key === 'Escape') onReset();
  };
  return (
    <Slider.Root
      className="brush"
      min={start}
      max={end}
      step={step}
      largeStep={10 * step}
      minStepsBetweenValues={1}
      thumbCollisionBehavior="none"
      value={[part.from, part.to]}
      onValueChange={(values) => onChange(partIn(values, part))}
      onValueCommitted={(values, { reason }) => reason === 'drag' && onApply(partIn(values, part))}
    >
      <Slider.Control className="brush-control">
        <Slider.Track className="brush-track">
          <Slider.Indicator className="brush-range" data-whole={whole ? '' : undefined} />
          {LABELS.map((label, index) => (
            <Slider.Thumb
              key={label}
              index={index}
              className="brush-handle"
              getAriaLabel={() => label}
              getAriaValueText={(_text, value) => moment(value, zone).slice(0, 16)}
              onKeyDown={keys}
            />
          ))}
        </Slider.Track>
      </Slider.Control>
    </Slider.Root>
  );
}

function partIn([from, to]: readonly number[], before: Part): Part {
  return { from: from ?? before.from, to: to ?? before.to };
}
