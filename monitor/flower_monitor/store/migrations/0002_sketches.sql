-- Rollups with latency sketches, in steps that get coarser with age; indexes for every order of a list; what the caps
-- cut; when a name was last used.

-- What ended (or will be retried), from `start` on for `step` seconds (60, 3600 or 86400) of the event's clock.
create table rolled(
  step integer, start integer, name integer, queue integer, state integer,
  n integer not null,
  runtime_sum real not null,
  wait blob,                   -- sketch.pack: seconds from sent (received, when that is not known) to started
  run blob,                    -- sketch.pack: seconds it ran, as the worker says
  primary key(step, start, name, queue, state)
) without rowid;
insert into rolled select 60, minute * 60, name, queue, state, n, runtime_sum, null, null from rollup;
drop table rollup;
alter table rolled rename to rollup;

-- How many rows of each step there are.
create table rollup_rows(step integer primary key, n integer not null);
insert into rollup_rows select 60, count(*) from rollup;

-- To sort by. Run times have no order of arrival, so by buckets of ids as the uuids: one bucket alone is written to.
create index task_ts on task(ts);
create index task_started on task(started) where started is not null;
create index task_runtime on task(id >> 16, runtime) where runtime is not null;

-- JSON {column: characters that were cut off}; null: nothing was.
alter table task add column cut text;

-- Hour of our clock in which it was last used, or an earlier one when that is less than two hours away.
alter table name add column seen integer not null default 0;
update name set seen = unixepoch() / 3600;
