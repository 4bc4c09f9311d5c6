import { Autocomplete } from '@base-ui/react/autocomplete';
import { Search, X } from 'lucide-react';
import { type MouseEvent, type RefObject, useEffect, useId, useMemo, useRef, useState } from 'react';
import { complete, type Completion, type Known } from './complete';
import { unfinished } from './terms';

/** Milliseconds after the last key at which the list is asked. */
const SETTLE = 250;

interface SearchProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
  readonly known: Known;
  readonly input: RefObject<HTMLInputElement | null>;
  /** It is not understood; the element with this id says why. */
  readonly explainedBy: string | undefined;
}

/**
 * The search box: Flower's language, with fields and values to choose from. What is typed is in the URL a moment after
 * the last key, at once on Enter.
 */
export function SearchField(props: SearchProps) {
  const { label, value, onChange, known, input, explainedBy } = props;
  const hint = useId();
  const [text, why, type] = useSettled(value, onChange);
  const [wanted, setWanted] = useState(false);
  const items = useMemo(() => complete(text, known), [text, known]);
  const open = wanted && items.length > 0;
  const actions = useRef<Autocomplete.Root.Actions>(null);
  // The library waits for the end of its own popup's animations; ours (below) is gone at once.
  useEffect(() => {
    if (!open) actions.current?.unmount();
  }, [open]);
  return (
    <Autocomplete.Root<Completion>
      items={items}
      filter={null}
      mode="none"
      open={open}
      actionsRef={actions}
      onOpenChange={setWanted}
      value={text}
      itemToStringValue={(item) => item.value}
      onValueChange={(next) => type(next, SETTLE)}
    >
      <Autocomplete.InputGroup
        className="field search"
        data-set={value === undefined ? undefined : ''}
        data-wrong={explainedBy === undefined ? undefined : ''}
      >
        <Search size={14} aria-hidden="true" />
        <Autocomplete.Input
          ref={input}
          inputMode="search"
          dir="auto"
          spellCheck={false}
          className="field-input"
          placeholder={label}
          aria-label={label}
          aria-invalid={explainedBy !== undefined}
          aria-describedby={explainedBy ?? hint}
          onBlur={() => setWanted(false)}
          onKeyDown={(event) => {
            const choosing = event.currentTarget.getAttribute('aria-activedescendant');
            if (event.key === 'Enter' && !choosing) type(text, 0, true);
          }}
        />
        <span id={hint} className="search-hint" role="status">
          {why}
        </span>
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
      </Autocomplete.InputGroup>
      <Autocomplete.Portal>
        <Autocomplete.Positioner sideOffset={4} className="popup-layer">
          {/* Not the library's popup: it hides the rest of the page from screen readers while it is open, and no
              option of 1.9 keeps it from that. What is searched in is read on beside the names that are offered. */}
          <div className="popup combo-popup completions" role="presentation" onMouseDown={keepFocus}>
            <Autocomplete.List>
              {(item: Completion) => (
                <Autocomplete.Item
                  key={item.value}
                  value={item}
                  className="popup-item completion"
                  onClick={() => type(item.value, 0)}
                >
                  <span className="mono" title={item.label} dir="auto">
                    {item.label}
                  </span>
                  <span className="faint">{item.what}</span>
                </Autocomplete.Item>
              )}
            </Autocomplete.List>
          </div>
        </Autocomplete.Positioner>
      </Autocomplete.Portal>
    </Autocomplete.Root>
  );
}

/** What is pressed with the mouse does not take the focus from the box: without it the list would close first. */
function keepFocus(event: MouseEvent): void {
  event.preventDefault();
}

/**
 * A text as it is typed, and the way to change it: told a moment later, or at once. What is plainly not finished is told
 * only when somebody insists. Follows the URL.
 */
function useSettled(value: string | undefined, onChange: (value: string | undefined) => void) {
  const [text, setText] = useState(value ?? '');
  const [why, setWhy] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [seen, setSeen] = useState(value);
  // The page may be busy: what was told is in the URL only when more is typed, which it must not undo.
  const [untold, setUntold] = useState(false);
  if (seen !== value) {
    setSeen(value);
    if (!untold && (value ?? '') !== text.trim()) setText(value ?? '');
  }
  useEffect(() => () => clearTimeout(timer.current), []);
  const type = (next: string, wait: number, insisting = false) => {
    setText(next);
    setUntold(true);
    clearTimeout(timer.current);
    const reason = insisting ? null : unfinished(next);
    setWhy(reason);
    const asked = next.trim() === '' ? undefined : next.trim();
    const tell = () => {
      setUntold(false);
      onChange(asked);
    };
    if (reason === null) timer.current = setTimeout(tell, wait);
  };
  return [text, why, type] as const;
}
