-- The longest step in which anything is known within the range: no bucket can be shorter.
with steps(length) as (values (60), (3600), (86400))
select max(length) from steps
where exists (select 1 from summary_sample where step = length and start > :start - length and start < :end)
