import python from 'highlight.js/lib/languages/python';
import { createLowlight } from 'lowlight';
import type { ReactNode } from 'react';
import { traceback } from './traceback';
import './Highlighted.css';

export type Language = 'python' | 'traceback';

/** Characters beyond which a text stays plain: no one reads it for its grammar, and it is parsed while they wait. */
const MOST = 50_000;

const grammars = createLowlight({ python, traceback });

type Nodes = ReturnType<typeof grammars.highlight>['children'];

/** A text with its words marked. It becomes elements of the page and is never read as HTML. */
export default function Highlighted({
  text,
  language,
}: {
  readonly text: string;
  readonly language: Language;
}) {
  if (text.length > MOST) return text;
  return elements(grammars.highlight(language, text).children);
}

function elements(nodes: Nodes): ReactNode {
  return nodes.map((node, index) => {
    if (node.type === 'text') return node.value;
    if (node.type !== 'element') return null;
    const names = node.properties['className'];
    return (
      <span key={index} className={Array.isArray(names) ? names.join(' ') : undefined}>
        {elements(node.children)}
      </span>
    );
  });
}
