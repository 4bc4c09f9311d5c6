import { Check, Copy as CopyIcon } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { cutMiddle } from '../format/text';
import type { Language } from './Highlighted';
import './Copy.css';

/** Loaded with its grammars when the first code is shown; until then the text is plain. */
const Highlighted = lazy(() => import('./Highlighted'));

/** Copies `text`; says so for two seconds, in its name too, so that a screen reader hears it. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [outcome, setOutcome] = useState<'copied' | 'refused' | null>(null);
  useEffect(() => {
    if (outcome === null) return;
    const timer = setTimeout(() => setOutcome(null), 2000);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = () =>
    void copyText(text).then(
      () => setOutcome('copied'),
      () => setOutcome('refused'),
    );
  const name = outcome === null ? label : outcome === 'copied' ? 'Copied' : 'The browser refused to copy';
  return (
    <button
      type="button"
      className="icon-button copy"
      onClick={copy}
      title={name}
      aria-label={name}
      aria-live="polite"
    >
      {outcome === 'copied' ? (
        <Check size={14} aria-hidden="true" />
      ) : (
        <CopyIcon size={14} aria-hidden="true" />
      )}
    </button>
  );
}

/** The clipboard where the browser gives it (https, localhost), else the old way: monitors are often on plain http. */
async function copyText(text: string): Promise<void> {
  if (window.isSecureContext) return navigator.clipboard.writeText(text);
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'visually-hidden';
  document.body.append(field);
  field.select();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- no other way exists on plain http
  const copied = document.execCommand('copy');
  field.remove();
  if (!copied) throw new Error('copy was refused');
}

/** A name whose end tells it from others (hosts, pods), cut in its middle; whole on hover. */
export function Name({ text, length }: { readonly text: string; readonly length: number }) {
  return (
    <span className="cut" title={text} dir="auto">
      {cutMiddle(text, length)}
    </span>
  );
}

interface IdProps {
  readonly id: string;
  /** Characters shown; the whole is on hover and in the copy. */
  readonly length?: number;
}

/** An id cut in its middle, whole on hover, with a button that copies it. */
export function Id({ id, length = 13 }: IdProps) {
  return (
    <span className="id">
      <span className="mono" title={id}>
        {cutMiddle(id, length)}
      </span>
      <CopyButton text={id} label="Copy id" />
    </span>
  );
}

interface CodeProps {
  readonly label: string;
  readonly text: string;
  /** Takes the whole width where blocks stand beside each other. */
  readonly wide?: boolean;
  /** Its words are marked by the grammar of this language. */
  readonly language?: Language;
}

/** Arguments, results, tracebacks: as they are, foldable by scrolling, with a copy button. Never interpreted. */
export function CodeBlock({ label, text, wide, language }: CodeProps) {
  return (
    <div className="code" data-wide={wide ? '' : undefined}>
      <div className="code-head">
        <h3>{label}</h3>
        <CopyButton text={text} label={`Copy: ${label}`} />
      </div>
      {/* Scrolls by itself, so it must be reachable by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex={0} dir="auto" aria-label={label}>
        {language === undefined ? (
          text
        ) : (
          <Suspense fallback={text}>
            <Highlighted text={text} language={language} />
          </Suspense>
        )}
      </pre>
    </div>
  );
}
