import { useState } from 'react';
import type { Notice } from '../api/types';
import { NoticeBar } from '../components/NoticeBar';
import { begin, bringIn, close, follow } from './notices';
import './Notices.css';

/** What the monitor wants a person to know. Later ones are announced at the page's foot, where they move nothing. */
export function Notices({ current }: { readonly current: readonly Notice[] }) {
  const [seen, setSeen] = useState(current);
  const [notices, setNotices] = useState(() => begin(current));
  if (seen !== current) {
    setSeen(current);
    setNotices(follow(notices, current));
  }
  return (
    <>
      {notices.placed.map(({ notice, over }) => (
        <NoticeBar
          key={notice.code}
          notice={notice}
          over={over}
          onClose={() => setNotices(close(notices, notice.code))}
        />
      ))}
      <div className="notices-waiting" role="status">
        {notices.waiting.length > 0 && (
          <button type="button" className="pill" onClick={() => setNotices(bringIn(notices))}>
            {notices.waiting.length === 1 ? '1 new notice' : `${notices.waiting.length} new notices`}
          </button>
        )}
      </div>
    </>
  );
}
