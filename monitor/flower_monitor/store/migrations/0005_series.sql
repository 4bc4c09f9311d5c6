-- Metrics by queue, as celery-exporter's dashboards ask for them, and one task to look at for what was slow or failed.

-- Task events by sender, type, task name and queue (0 for a name: none, or past the bound on series; for a queue: no
-- task-sent event told it).
create table counted(sender integer, type integer, name integer, queue integer not null default 0, n integer not null,
  primary key(sender, type, name, queue)) without rowid;
insert into counted select sender, type, name, 0, n from event_count;
drop table event_count;
alter table counted rename to event_count;

-- Run times of what succeeded, as before and by queue.
create table ran(sender integer, name integer, queue integer not null default 0, bucket integer,
  n integer not null, total real not null,
  primary key(sender, name, queue, bucket)) without rowid;
insert into ran select sender, name, 0, bucket, n, total from runtime;
drop table runtime;
alter table ran rename to runtime;

-- Seconds from sent, or from its ETA, to started; bucket: place in constants.WAIT_BUCKETS, past its end +Inf.
create table queue_wait(sender integer, name integer, queue integer, bucket integer,
  n integer not null, total real not null,
  primary key(sender, name, queue, bucket)) without rowid;

-- Failures by class of exception, a name's id, and the last of them.
create table failure(sender integer, name integer, queue integer, exception integer,
  n integer not null,
  uuid not null,
  at real not null,            -- the worker's clock
  primary key(sender, name, queue, exception)) without rowid;

-- The slowest of what succeeded, until one is as slow or it is an hour older than the last.
create table slowest(sender integer, name integer, queue integer,
  uuid not null,
  ran real not null,           -- seconds
  at real not null,            -- the worker's clock
  primary key(sender, name, queue)) without rowid;
