import { Combobox } from '@base-ui/react/combobox';
import { Select } from '@base-ui/react/select';
import { Check, ChevronDown, Search, X } from 'lucide-react';
import { type RefObject, useEffect, useRef, useState } from 'react';
import './FilterBar.css';

interface ComboProps {
  readonly label: string;
  readonly items: readonly string[];
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
  /** Said when there is nothing to choose from. */
  readonly empty: string;
}

/** One value out of many, found by typing. A value that is not in the list (a link from elsewhere) stays as it is. */
export function FilterCombo({ label, items, value, onChange, empty }: ComboProps) {
  return (
    <Combobox.Root
      items={items}
      value={value ?? null}
      onValueChange={(next) => onChange(next ?? undefined)}
      autoHighlight
    >
      <Combobox.InputGroup className="field combo" data-set={value === undefined ? undefined : ''}>
        <Combobox.Input
          className="field-input"
          placeholder={label}
          aria-label={label}
          title={value}
          dir="auto"
        />
        {value === undefined ? (
          <Combobox.Trigger className="field-button" aria-label={`Show the list: ${label}`}>
            <ChevronDown size={14} aria-hidden="true" />
          </Combobox.Trigger>
        ) : (
          <Combobox.Clear className="field-button" aria-label={`Clear: ${label}`}>
            <X size={14} aria-hidden="true" />
          </Combobox.Clear>
        )}
      </Combobox.InputGroup>
      <Combobox.Portal>
        <Combobox.Positioner sideOffset={4} className="popup-layer">
          <Combobox.Popup className="popup combo-popup">
            <Combobox.Empty>
              <div className="combo-empty">{items.length === 0 ? empty : 'Nothing has this in its name'}</div>
            </Combobox.Empty>
            <Combobox.List>
              {(item: string) => (
                <Combobox.Item key={item} value={item} className="popup-item">
                  <Combobox.ItemIndicator>
                    <Check size={14} aria-hidden="true" />
                  </Combobox.ItemIndicator>
                  <span title={item} dir="auto">
                    {item}
                  </span>
                </Combobox.Item>
              )}
            </Combobox.List>
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  );
}

export interface Option {
  readonly value: string | null;
  readonly label: string;
}

interface SelectProps {
  readonly label: string;
  readonly options: readonly Option[];
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

/** One of a few fixed values. */
export function FilterSelect({ label, options, value, onChange }: SelectProps) {
  return (
    <Select.Root items={options} value={value ?? null} onValueChange={(next) => onChange(next ?? undefined)}>
      <Select.Trigger
        className="field select"
        aria-label={label}
        data-set={value === undefined ? undefined : ''}
      >
        <Select.Value />
        <Select.Icon>
          <ChevronDown size={14} aria-hidden="true" />
        </Select.Icon>
      </Select.Trigger>
      <Select.Portal>
        <Select.Positioner sideOffset={4} alignItemWithTrigger={false} className="popup-layer">
          <Select.Popup className="popup">
            {options.map((option) => (
              <Select.Item key={option.label} value={option.value} className="popup-item">
                <Select.ItemIndicator>
                  <Check size={14} aria-hidden="true" />
                </Select.ItemIndicator>
                <Select.ItemText>{option.label}</Select.ItemText>
              </Select.Item>
            ))}
          </Select.Popup>
        </Select.Positioner>
      </Select.Portal>
    </Select.Root>
  );
}

interface SearchProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
  /** What Enter does instead of `onChange`, where it does more. */
  readonly onEnter?: (value: string | undefined) => void;
  readonly input?: RefObject<HTMLInputElement | null>;
}

/** Milliseconds after the last key at which the list is asked. */
const SETTLE = 250;

function meant(text: string): string | undefined {
  return text.trim() === '' ? undefined : text.trim();
}

/** Free text; what is typed is in the URL a moment after the last key, at once on Enter. */
export function SearchBox({ label, value, onChange, onEnter = onChange, input }: SearchProps) {
  const [text, setText] = useState(value ?? '');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [known, setKnown] = useState(value);
  // The page may be busy: what was told is in the URL only when more is typed, which it must not undo.
  const [untold, setUntold] = useState(false);
  if (known !== value) {
    setKnown(value);
    if (!untold && (value ?? '') !== text.trim()) setText(value ?? '');
  }
  useEffect(() => () => clearTimeout(timer.current), []);
  const tell = (act: (value: string | undefined) => void, said: string) => {
    setUntold(false);
    act(meant(said));
  };
  const type = (next: string, wait: number) => {
    setText(next);
    setUntold(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => tell(onChange, next), wait);
  };
  const enter = () => {
    clearTimeout(timer.current);
    tell(onEnter, text);
  };
  return (
    <div className="field search" data-set={value === undefined ? undefined : ''}>
      <Search size={14} aria-hidden="true" />
      <input
        ref={input}
        type="text"
        inputMode="search"
        dir="auto"
        spellCheck={false}
        autoComplete="off"
        className="field-input"
        placeholder={label}
        aria-label={label}
        value={text}
        onChange={(event) => type(event.target.value, SETTLE)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') enter();
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      {text === '' ? (
        <kbd aria-hidden="true">/</kbd>
      ) : (
        <button
          type="button"
          className="field-button"
          aria-label={`Clear: ${label}`}
          onClick={() => type('', 0)}
        >
          <X size={14} aria-hidden="true" />
        </button>
      )}
    </div>
  );
}
