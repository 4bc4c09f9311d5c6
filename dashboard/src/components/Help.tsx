import { CircleHelp, X } from 'lucide-react';
import { useRef } from 'react';
import { useShortcuts } from '../app/shortcuts';
import './Help.css';

export interface HelpKey {
  readonly keys: readonly string[];
  readonly what: string;
}

const COMMON: readonly HelpKey[] = [
  { keys: ['Ctrl K'], what: 'Go to anything by its name' },
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
  const sheet = useRef<HTMLDialogElement>(null);
  const open = () => sheet.current?.showModal();
  useShortcuts({ '?': open });
  return (
    <>
      <button type="button" className="icon-button" aria-label="Keys" title="Keys (?)" onClick={open}>
        <CircleHelp size={16} aria-hidden="true" />
      </button>
      <dialog ref={sheet} className="sheet" aria-labelledby="keys-title">
        <div className="sheet-head">
          <h2 id="keys-title">Keys</h2>
          <button
            type="button"
            className="icon-button"
            aria-label="Close"
            onClick={() => sheet.current?.close()}
          >
            <X size={16} aria-hidden="true" />
          </button>
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
      </dialog>
    </>
  );
}
