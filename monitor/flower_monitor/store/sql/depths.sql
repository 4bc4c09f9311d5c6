-- How long queues were in each bucket of :width seconds, of one step.
select start / :width * :width, queue,
  sum(ready_n), sum(ready_total), max(ready_most),
  sum(unacknowledged_n), sum(unacknowledged_total), max(unacknowledged_most),
  sum(consumers_n), sum(consumers_total), max(consumers_most)
from queue_depth
where step = :step and start >= :start and start < :end and (:queue is null or queue = :queue)
group by 1, 2
