import { useState } from 'react';
import type { TaskDetail } from '../api/types';
import { CodeBlock } from '../components/Copy';
import { exact } from '../format/number';
import { folded, LITTLE, type Lines } from './fold';

interface TextOf {
  readonly label: string;
  readonly field: 'exception' | 'traceback' | 'args' | 'kwargs' | 'result';
}

const TEXTS: readonly TextOf[] = [
  { label: 'Exception', field: 'exception' },
  { label: 'Traceback', field: 'traceback' },
  { label: 'Positional arguments', field: 'args' },
  { label: 'Keyword arguments', field: 'kwargs' },
  { label: 'Result', field: 'result' },
];

/** What Celery itself leaves of a long text; nobody behind it can have more. */
const CUT_BY_CELERY = /\.\.\.\W*$/;

interface TextsProps {
  readonly task: TaskDetail;
  /** Of a traceback only its last lines, until all of it is wanted. */
  readonly brief?: boolean;
}

/** What went in, and what came of it. */
export function Texts({ task, brief = false }: TextsProps) {
  const shown = TEXTS.flatMap(({ label, field }) => {
    const text = task[field];
    return text === null || text === '' ? [] : [{ label, field, text }];
  });
  if (shown.length === 0) return null;
  return (
    <section>
      <h2>Arguments and outcome</h2>
      <div className="detail-codes">
        {shown.map(({ label, field, text }) =>
          field === 'traceback' ? (
            <Traceback key={field} label={label} text={text} lines={brief ? LITTLE : undefined} />
          ) : (
            <div key={field}>
              <CodeBlock label={label} text={text} language="python" />
              <Cut text={text} missing={task.cut[field] ?? 0} />
            </div>
          ),
        )}
      </div>
    </section>
  );
}

function Cut({ text, missing }: { readonly text: string; readonly missing: number }) {
  if (missing > 0)
    return <p className="usual">The monitor keeps no more: {exact(missing)} characters were cut off.</p>;
  if (!CUT_BY_CELERY.test(text)) return null;
  return (
    <p className="usual">
      It ends in “...”: Celery shortens what it tells in events, near 1,024 characters. The task got all of
      it.
    </p>
  );
}

interface TracebackProps {
  readonly label: string;
  readonly text: string;
  readonly lines: Lines | undefined;
}

function Traceback({ label, text, lines: shown }: TracebackProps) {
  const [whole, setWhole] = useState(false);
  const { short, lines } = folded(text, shown);
  return (
    <div className="traceback" data-wide="">
      <CodeBlock label={label} text={whole || short === null ? text : short} language="traceback" />
      {short !== null && (
        <button type="button" className="button" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? 'Fold it' : `Show all ${exact(lines)} lines`}
        </button>
      )}
    </div>
  );
}
