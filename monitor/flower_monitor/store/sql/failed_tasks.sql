-- Tasks that failed, of those that came within a range, the newest first.
select uuid, name, worker, queue, coalesce(failed, ts), exception, traceback
from task indexed by task_state
where state = :state and at >= :start and at < :end
order by at desc limit :limit
