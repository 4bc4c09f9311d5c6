-- The first tables, as in 0.1.0. Times are float epoch seconds by the sender's clock unless a comment says "our clock".
-- Texts that repeat are interned in `name`; uuids are 16 bytes when canonical (8-4-4-4-12, lower case), else text.

create table meta(key text primary key, value) without rowid;

create table name(id integer primary key, text text not null unique);

-- One row a task, written whole. Ids are given in order of the first event seen.
create table task(
  id integer primary key,
  uuid not null,
  name integer,
  state integer not null,      -- constants.State; 16 and more: 16 + name.id of a custom state
  worker integer,
  queue integer,
  at real not null,            -- received, else sent, else the first event: what lists are sorted by
  received real,
  started real,
  runtime real,
  ts real not null,            -- the newest event
  clock integer not null,
  sent real, succeeded real, failed real, retried real, revoked real, rejected real,
  root,                        -- x'' when the task is its own root
  parent,
  retries integer,
  client integer,
  -- '<IId' an event: code (constants.EventCode; 16 and more: that of its custom state), name.id of its sender, time.
  history blob not null,
  -- What can be long stands last: what stands before is read without following overflow pages.
  args text, kwargs text, result text, exception text, traceback text,
  eta text, expires text, exchange text, routing_key text
);

-- A bucket of 65,536 ids at a time: a unique index of random uuids costs ingest 40 % more at a million
-- tasks. That a uuid has one row is the writer's duty (store/filters.py).
create index task_uuid on task(id >> 16, uuid);
create index task_at on task(at);
create index task_state on task(state, at);
create index task_name on task(name, at);
create index task_worker on task(worker, at);
create index task_root on task(root) where root > x'';

-- Bloom filters of the uuids of 2^18 ids each; `through` is the last id that is in it.
create table filter(generation integer primary key, through integer not null, bits blob not null);

-- How many tasks are kept, by state: exact, without counting.
create table tally(state integer primary key, n integer not null);

-- The highest task id given by the end of each minute of our clock: how old a task is, whatever its sender says.
create table arrival(minute integer primary key, task integer not null);

-- What each commit changed, for the live feed: the newest 500 ids, packed '<q', and how many there were.
-- The last 240 commits (a minute under load) are kept.
create table change(batch integer primary key, total integer not null, ids blob not null);

create table worker(
  hostname text primary key,
  state text not null,         -- online, offline (it said so) or lost (its heartbeats stopped)
  pid integer,
  freq real,
  first_seen real not null,    -- our clock
  last_heartbeat real,         -- our clock: the last event of any kind
  active integer, processed integer,
  loadavg text,                -- JSON
  sw_ident text, sw_ver text, sw_sys text,
  clock integer,
  task_events integer not null default 0,  -- 1 once a task event of it was seen
  counters text not null default '{}'      -- JSON {event type: number}
) without rowid;

-- Monotonic over restarts. `labels` is JSON with sorted keys.
create table counter(name text, labels text, value real not null, primary key(name, labels)) without rowid;

-- Task events by sender, type and task name (0: none, or past the bound on series), for flower_events_total.
create table event_count(sender integer, type integer, name integer, n integer not null,
  primary key(sender, type, name)) without rowid;

-- Run times of what succeeded, by worker and task name; bucket: place in constants.RUNTIME_BUCKETS, past its end +Inf.
create table runtime(sender integer, name integer, bucket integer, n integer not null, total real not null,
  primary key(sender, name, bucket)) without rowid;

-- What ended (or will be retried) in a minute of the event's clock.
create table rollup(minute integer, name integer, queue integer, state integer,
  n integer not null, runtime_sum real not null,
  primary key(minute, name, queue, state)) without rowid;

create table status(key text primary key, value text not null) without rowid;
