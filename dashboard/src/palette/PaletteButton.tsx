import { Command as CommandIcon } from 'lucide-react';
import { type ReactNode, Suspense, useEffect, useState } from 'react';

interface ButtonProps {
  /** The palette, told how it is closed; it is loaded when it is first opened. */
  readonly children: (close: () => void) => ReactNode;
}

/** Opens the palette, as Ctrl-K and Cmd-K do everywhere: with a modifier they are no single keys (WCAG 2.1.4). */
export function PaletteButton({ children }: ButtonProps) {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      // A question that is open comes first; the browser's own Ctrl-K would leave the page.
      event.preventDefault();
      if (document.querySelector('dialog[open]') === null) setOpen(true);
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
  return (
    <>
      <button
        type="button"
        className="icon-button palette-button"
        aria-label="Go to anything"
        title="Go to anything (Ctrl K)"
        onClick={() => setOpen(true)}
      >
        <CommandIcon size={16} aria-hidden="true" />
      </button>
      {open && <Suspense fallback={null}>{children(() => setOpen(false))}</Suspense>}
    </>
  );
}
