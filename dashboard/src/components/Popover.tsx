import { Popover as Base } from '@base-ui/react/popover';
import { ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import './Form.css';

interface PopoverProps {
  readonly label: string;
  readonly icon: ReactNode;
  /** What it holds is set: the button shows it. */
  readonly set?: boolean;
  readonly open?: boolean;
  readonly onOpenChange?: (open: boolean) => void;
  readonly children: ReactNode;
}

/** A button that opens a small sheet below it. On narrow screens only its icon shows. */
export function Popover({ label, icon, set = false, open, onOpenChange, children }: PopoverProps) {
  const controlled = open === undefined ? {} : { open };
  return (
    <Base.Root {...controlled} onOpenChange={(next) => onOpenChange?.(next)}>
      <Base.Trigger className="field select" data-set={set ? '' : undefined} title={label} aria-label={label}>
        {icon}
        <span className="wide-only">{label}</span>
        <ChevronDown size={14} aria-hidden="true" />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} align="end" className="popup-layer">
          <Base.Popup className="popup popover" aria-label={label}>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
