import { Link } from '@tanstack/react-router';
import { Workflow } from 'lucide-react';
import { useState } from 'react';
import type { TaskDetail } from '../api/types';
import { count } from '../format/number';

/** Children shown at first. */
const FEW = 20;

/** The way to the graph of all that the first task led to, where this task is not the only one. */
export function WorkflowLink({ task: { uuid, root_id, children } }: { readonly task: TaskDetail }) {
  if (root_id === null || (root_id === uuid && children.length === 0)) return null;
  return (
    <Link to="/workflow/$root" params={{ root: root_id }} search={{ task: uuid }} className="button">
      <Workflow size={14} aria-hidden="true" />
      Workflow
    </Link>
  );
}

/** The tasks that this one came from, and those that it sent. */
export function Family({ task }: { readonly task: TaskDetail }) {
  const [all, setAll] = useState(false);
  const root = task.root_id === task.uuid ? null : task.root_id;
  const { children } = task;
  if (root === null && task.parent_id === null && children.length === 0) return null;
  return (
    <section>
      <h2>Related tasks</h2>
      <ul className="links">
        {root !== null && <Relative word="Root" uuid={root} />}
        {task.parent_id !== null && <Relative word="Parent" uuid={task.parent_id} />}
        {children.slice(0, all ? undefined : FEW).map((uuid) => (
          <Relative key={uuid} word="Child" uuid={uuid} />
        ))}
      </ul>
      {children.length > FEW && !all && (
        <button type="button" className="button" onClick={() => setAll(true)}>
          Show all {count(children.length, 'child', 'children')}
        </button>
      )}
    </section>
  );
}

function Relative({ word, uuid }: { readonly word: string; readonly uuid: string }) {
  return (
    <li>
      <span className="soft">{word}</span>{' '}
      <Link to="/task/$uuid" params={{ uuid }} className="mono">
        {uuid}
      </Link>
    </li>
  );
}
