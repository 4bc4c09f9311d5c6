import { Autocomplete } from '@base-ui/react/autocomplete';
import { Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { Command } from './commands';
import '../components/FilterBar.css';
import './Palette.css';

interface PaletteProps {
  /** What is offered for what was typed; the first is what Enter takes. */
  readonly offer: (text: string) => readonly Command[];
  readonly onClose: () => void;
}

/** Pages, things and actions by their names, from the keyboard: type, Enter. It is open while it is there. */
export function Palette({ offer, onClose }: PaletteProps) {
  const sheet = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState('');
  const close = () => sheet.current?.close();
  useEffect(() => {
    if (!sheet.current?.open) sheet.current?.showModal();
  }, []);
  const items = offer(text);
  return (
    <dialog ref={sheet} className="sheet palette" aria-label="Go to anything" onClose={onClose}>
      <Autocomplete.Root<Command>
        inline
        open
        items={items}
        filter={null}
        mode="none"
        autoHighlight="always"
        value={text}
        itemToStringValue={({ label }) => label}
        // What is chosen is done, not typed.
        onValueChange={(next, { reason }) => reason !== 'item-press' && setText(next)}
        onOpenChange={(_, { reason }) => reason === 'escape-key' && close()}
      >
        <Autocomplete.InputGroup className="field search">
          <Search size={14} aria-hidden="true" />
          <Autocomplete.Input
            className="field-input"
            aria-label="Page, view, worker, queue, task"
            placeholder="Page, view, worker, queue, task"
            dir="auto"
            spellCheck={false}
          />
        </Autocomplete.InputGroup>
        <Autocomplete.List className="palette-list" aria-label="Ways">
          {(item: Command) => (
            <Autocomplete.Item
              key={`${item.what} ${item.label}`}
              value={item}
              className="popup-item palette-item"
              onClick={() => {
                close();
                item.run();
              }}
            >
              <span title={item.label} dir="auto">
                {item.label}
              </span>
              <span className="soft">{item.what}</span>
            </Autocomplete.Item>
          )}
        </Autocomplete.List>
        {items.length === 0 && (
          <p className="soft" role="status">
            Nothing has this in its name.
          </p>
        )}
      </Autocomplete.Root>
    </dialog>
  );
}
