import { CopyButton } from '../components/Copy';
import { isHidden } from './values';

interface ValueProps {
  readonly name: string;
  /** As it is set. */
  readonly raw: string | null;
  /** As a person writes it. */
  readonly text: string;
}

/** A value in a person's words. Where they are not what is set, that can be seen by pointing at it, and copied. */
export function Value({ name, raw, text }: ValueProps) {
  if (raw === null || isHidden(raw)) return <span className="faint">{text}</span>;
  if (text === raw)
    return (
      <span className="mono" dir="auto">
        {raw}
      </span>
    );
  return (
    <span className="settings-value">
      <data value={raw} title={raw}>
        {text}
      </data>
      <CopyButton text={raw} label={`Copy ${name} as it is set: ${raw}`} />
    </span>
  );
}
