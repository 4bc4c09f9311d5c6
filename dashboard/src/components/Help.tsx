import { Dialog } from '@base-ui/react/dialog';
import { CircleHelp, X } from 'lucide-react';
import { useState } from 'react';
import { useShortcuts } from '../app/shortcuts';
import './Help.css';

export interface HelpKey {
  readonly keys: readonly string[];
  readonly what: string;
}

const COMMON: readonly HelpKey[] = [
  { keys: ['j', 'k'], what: 'Next and previous row' },
  { keys: ['Enter'], what: 'Open the row' },
  { keys: ['p'], what: 'Pause or resume live updates' },
  { keys: ['t'], what: 'Next theme' },
  { keys: ['z'], what: 'Local time or UTC' },
  { keys: ['Esc'], what: 'Leave the row, close what is open' },
  { keys: ['?'], what: 'This list' },
];

/** The keys of the page, on `?` and on its button. */
export function Help({ keys }: { readonly keys: readonly HelpKey[] }) {
  const [open, setOpen] = useState(false);
  useShortcuts({ '?': () => setOpen(true) });
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger className="icon-button" aria-label="Keys" title="Keys (?)">
        <CircleHelp size={16} aria-hidden="true" />
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="sheet">
          <div className="sheet-head">
            <Dialog.Title>Keys</Dialog.Title>
            <Dialog.Close className="icon-button" aria-label="Close">
              <X size={16} aria-hidden="true" />
            </Dialog.Close>
          </div>
          <dl className="keys">
            {[...keys, ...COMMON].map(({ keys: pressed, what }) => (
              <div key={what}>
                <dt>
                  {pressed.map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
