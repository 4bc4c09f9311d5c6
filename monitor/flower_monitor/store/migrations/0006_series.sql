-- Metrics by queue, as celery-exporter's dashboards ask for them, and one task to look at for what was slow or failed.

-- Senders that are no series of their own any more, and what they are counted under: clients (gen<pid>@host) without
-- their process id, and workers that were forgotten under constants.FORGOTTEN.
create table moved(sender integer primary key, target integer not null);
insert or ignore into name(text, seen)
  select distinct 'gen' || substr(text, instr(text, '@')), unixepoch() / 3600 from name
  where text glob 'gen[0-9]*@*' and trim(substr(text, 4, instr(text, '@') - 4), '0123456789') = ''
    and id in (select sender from event_count where type = 0);
insert into moved
  select client.id, host.id from name as client
  join name as host on host.text = 'gen' || substr(client.text, instr(client.text, '@'))
  where client.text glob 'gen[0-9]*@*' and trim(substr(client.text, 4, instr(client.text, '@') - 4), '0123456789') = '';
insert or ignore into moved
  select sender, -1 from (select sender from event_count where type <> 0 union select sender from runtime)
  where sender > 0 and sender not in (select id from name join worker on hostname = text);

-- Task events by sender, type, task name and queue (0 for a name: none, or past the bound on series; for a queue: no
-- task-sent event told it).
create table counted(sender integer, type integer, name integer, queue integer not null default 0, n integer not null,
  primary key(sender, type, name, queue)) without rowid;
insert into counted select coalesce(target, event_count.sender) as whose, type, name, 0, sum(n)
  from event_count left join moved on moved.sender = event_count.sender group by whose, type, name;
drop table event_count;
alter table counted rename to event_count;

-- Run times of what succeeded, as before and by queue.
create table ran(sender integer, name integer, queue integer not null default 0, bucket integer,
  n integer not null, total real not null,
  primary key(sender, name, queue, bucket)) without rowid;
insert into ran select coalesce(target, runtime.sender) as whose, name, 0, bucket, sum(n), sum(total)
  from runtime left join moved on moved.sender = runtime.sender group by whose, name, bucket;
drop table runtime;
alter table ran rename to runtime;
drop table moved;

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
