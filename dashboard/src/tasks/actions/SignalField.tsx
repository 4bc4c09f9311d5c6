import { SIGNALS } from './ending';

interface SignalProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Which signal ends a task's process. */
export function SignalField({ value, onChange }: SignalProps) {
  return (
    <label className="form-field">
      <span>Signal</span>
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        {SIGNALS.map(([name, effect]) => (
          <option key={name} value={name}>
            {name}: {effect}
          </option>
        ))}
      </select>
    </label>
  );
}
