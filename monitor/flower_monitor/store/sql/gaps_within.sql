-- Gaps that touch a range, the newest first.
select id, why, start, until, detail, missed, events, workers, more from gap
where start < :end and (until is null or until > :start)
order by id desc limit :limit
