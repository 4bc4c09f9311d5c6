-- Latency sketches of one step of rollups, the newest first: who stops early has the newest whole.
select start / :width * :width, wait, run from rollup
where step = :step and start >= :start and start < :end
  and (wait is not null or run is not null)
  and (:name is null or name = :name) and (:queue is null or queue = :queue)
order by start desc
