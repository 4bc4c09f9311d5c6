/** A task of a workflow as `GET /api/v1/workflows/{root_id}` has it. Times are epoch seconds. */
export interface WorkflowTask {
  readonly uuid: string;
  readonly name: string | null;
  readonly state: string;
  readonly parent_id: string | null;
  readonly worker: string | null;
  readonly sent: number | null;
  readonly received: number | null;
  readonly started: number | null;
  readonly ended: number | null;
  /** Seconds. */
  readonly runtime: number | null;
  readonly retries: number | null;
  /** What was found out of it, when no event told its end. */
  readonly verdict: string | null;
}

export interface Workflow {
  readonly root_id: string;
  /** Of the first task. */
  readonly name: string | null;
  /** The first task, then the others as they were first seen. */
  readonly items: readonly WorkflowTask[];
  /** There are more tasks than these. */
  readonly more: boolean;
}
