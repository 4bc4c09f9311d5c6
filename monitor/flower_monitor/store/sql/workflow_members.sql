-- Tasks of a root, but for the root itself, those that were seen first first. `root > x''` lets the index of roots be
-- used, which gives them in the order of their ids: no more than :limit rows are read.
select task.uuid, name, state, worker, parent, sent, received, started, succeeded, failed, revoked, rejected, runtime,
  retries, verdict.verdict
from task indexed by task_root left join verdict on verdict.task = task.id and verdict.ts = task.ts
where root = :root and root > x''
order by task.id limit :limit
