import { Info, TriangleAlert } from 'lucide-react';
import type { Notice } from '../api/types';
import { CodeBlock } from './Copy';
import './NoticeBar.css';

/** What a program wants a person to know, with the fix: a sentence, or lines to paste. */
export function NoticeBar({ notice }: { readonly notice: Notice }) {
  const Shape = notice.severity === 'info' ? Info : TriangleAlert;
  const several = notice.fix.includes('\n');
  return (
    <section className="notice" data-severity={notice.severity} aria-label="Notice">
      <Shape size={16} aria-hidden="true" />
      <div className="notice-words">
        <p>
          {notice.message} {!several && <span className="soft">{notice.fix}</span>}
        </p>
        {several && <CodeBlock label="To change it" text={notice.fix} />}
      </div>
    </section>
  );
}
