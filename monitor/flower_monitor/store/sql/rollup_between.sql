-- How many ended between two times, by state, of one step of rollups; of one that is only partly between them its part.
select state, sum(n * (min(start + step, :end) - max(start, :start)) * 1.0 / step) from rollup
where step = :step and start > :start - :step and start < :end
  and (:name is null or name = :name) and (:queue is null or queue = :queue)
group by state
