import { Link } from '@tanstack/react-router';
import { ArrowDown, ArrowUp, type LucideIcon, X } from 'lucide-react';
import type { Task, TaskDetail } from '../api/types';
import { StateBadge } from '../components/Badge';
import { CopyButton } from '../components/Copy';
import { Facts } from '../components/Facts';
import type { Rows } from '../components/table';
import { Finding } from './Finding';
import { KnownTask } from './KnownTask';
import { Progress } from './Progress';
import { essentialsOf } from './taskFacts';
import { Texts } from './Texts';
import './TaskPreview.css';

interface TaskPreviewProps {
  readonly uuid: string;
  /** The reader stays at this task: the rest of it is asked for. */
  readonly settled: boolean;
  /** The rows of the list, as far as it was scrolled. */
  readonly rows: Rows<Task>;
  readonly onShow: (uuid: string | undefined) => void;
}

/** The essentials of a task beside the list that it is in, live. */
export function TaskPreview({ uuid, settled, rows, onShow }: TaskPreviewProps) {
  const place = rows.findIndex((task) => task.uuid === uuid);
  const at = (index: number) => (index < 0 ? undefined : rows.at(index));
  const before = at(place - 1);
  const after = place < 0 ? undefined : at(place + 1);
  return (
    <>
      <div className="preview-bar">
        <Step where="row above" letter="k" shape={ArrowUp} to={before} onShow={onShow} />
        <Step where="row below" letter="j" shape={ArrowDown} to={after} onShow={onShow} />
        <Link to="/task/$uuid" params={{ uuid }} className="button preview-open">
          Open the task
        </Link>
        <button
          type="button"
          className="icon-button"
          aria-label="Close the preview"
          title="Close (Esc)"
          onClick={() => onShow(undefined)}
        >
          <X size={16} aria-hidden="true" />
        </button>
      </div>
      <KnownTask uuid={uuid} row={at(place)} wanted={settled}>
        {(task) => <Essentials task={task} />}
      </KnownTask>
    </>
  );
}

interface StepProps extends Pick<TaskPreviewProps, 'onShow'> {
  readonly where: string;
  /** The key that does the same. */
  readonly letter: string;
  readonly shape: LucideIcon;
  /** Undefined: there is none that way. */
  readonly to: Task | undefined;
}

/** On to the row beside the one that is shown. */
function Step({ where, letter, shape: Shape, to, onShow }: StepProps) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={`Preview the ${where}`}
      title={`The ${where} (${letter})`}
      disabled={to === undefined}
      onClick={() => to && onShow(to.uuid)}
    >
      <Shape size={16} aria-hidden="true" />
    </button>
  );
}

function Essentials({ task }: { readonly task: TaskDetail }) {
  return (
    // What is unfolded in one task is not in the next.
    <div key={task.uuid} className="detail preview">
      <div className="detail-head">
        <h2 dir="auto">{task.name ?? 'Name not seen'}</h2>
        <StateBadge state={task.state} />
        <span className="soft">
          <span className="mono">{task.uuid}</span> <CopyButton text={task.uuid} label="Copy id" />
        </span>
      </div>
      <Finding verdict={task.verdict} />
      <Facts facts={essentialsOf(task)} />
      <Progress task={task} />
      <Texts task={task} brief />
    </div>
  );
}
