import { getRouteApi } from '@tanstack/react-router';
import type { TaskDetail } from '../api/types';
import { StateBadge } from '../components/Badge';
import { CopyButton } from '../components/Copy';
import { Facts } from '../components/Facts';
import { AttemptList } from './AttemptList';
import { AuditLink } from './AuditLink';
import { Family, WorkflowLink } from './Family';
import { Finding } from './Finding';
import { KnownTask } from './KnownTask';
import { OwnEvents } from './OwnEvents';
import { Progress } from './Progress';
import { Reason } from './Reason';
import { Siblings } from './Siblings';
import { TaskActions } from './TaskActions';
import { factsOf } from './taskFacts';
import { Texts } from './Texts';
import { Usual } from './Usual';
import { WholeResult } from './WholeResult';
import '../components/Form.css';
import './AttemptList.css';

const route = getRouteApi('/task/$uuid');

export function TaskPage() {
  const { uuid } = route.useParams();
  return <KnownTask uuid={uuid}>{(task) => <TaskView task={task} />}</KnownTask>;
}

function TaskView({ task }: { readonly task: TaskDetail }) {
  return (
    <article className="detail">
      <div className="detail-head">
        <h1 dir="auto">{task.name ?? 'Name not seen'}</h1>
        <StateBadge state={task.state} />
        <span className="soft">
          <span className="mono">{task.uuid}</span> <CopyButton text={task.uuid} label="Copy id" />
        </span>
        <WorkflowLink task={task} />
        <AuditLink uuid={task.uuid} />
      </div>
      <TaskActions task={task} />
      <Reason task={task} />
      <Finding verdict={task.verdict} />
      <Facts facts={factsOf(task)} />
      <Progress task={task} />
      <AttemptList task={task} />
      <OwnEvents task={task} />
      <Texts task={task} />
      <WholeResult task={task} />
      <Family task={task} />
      <Siblings task={task} />
      {task.name !== null && <Usual task={task} name={task.name} />}
    </article>
  );
}
