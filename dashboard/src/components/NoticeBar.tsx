import { Check, Info, TriangleAlert, X } from 'lucide-react';
import type { Notice } from '../api/types';
import { CodeBlock } from './Copy';
import './NoticeBar.css';

interface NoticeProps {
  readonly notice: Notice;
  /** It no longer holds, and stays only so that nothing moves. */
  readonly over?: boolean;
  /** Absent where it can't be closed. */
  readonly onClose?: () => void;
}

/** What a program wants a person to know, with the fix: a sentence, or lines to paste. */
export function NoticeBar({ notice, over = false, onClose }: NoticeProps) {
  const Shape = over ? Check : notice.severity === 'info' ? Info : TriangleAlert;
  const several = notice.fix.includes('\n');
  return (
    <section
      className="notice"
      data-severity={over ? 'info' : notice.severity}
      aria-label={`Notice: ${notice.code}`}
    >
      <Shape size={16} aria-hidden="true" />
      <div className="notice-words">
        <p className={over ? 'soft' : undefined}>
          {over && <strong>Over. </strong>}
          {notice.message} {!several && <span className="soft">{notice.fix}</span>}
        </p>
        {several && <CodeBlock label="To change it" text={notice.fix} />}
      </div>
      {onClose && (
        <button type="button" className="notice-close" aria-label="Close this notice" onClick={onClose}>
          <X size={16} aria-hidden="true" />
        </button>
      )}
    </section>
  );
}
