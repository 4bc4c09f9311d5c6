-- What is known of each figure in each bucket of :width seconds, of one step.
select start / :width * :width, figure, sum(n), sum(total), min(least), max(most)
from summary_sample
where step = :step and start >= :start and start < :end
group by 1, 2
