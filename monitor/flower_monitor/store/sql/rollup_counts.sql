-- How many ended in each bucket of :width seconds, by state, of one step of rollups.
select start / :width * :width, state, sum(n) from rollup
where step = :step and start >= :start and start < :end
  and (:name is null or name = :name) and (:queue is null or queue = :queue)
group by 1, 2
