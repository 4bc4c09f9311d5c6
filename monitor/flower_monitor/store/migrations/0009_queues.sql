-- How long queues were while somebody looked: from `start` on for `step` seconds (60, 3600 or 86400) of our clock, in
-- steps that get coarser with age as in `rollup`. Of each figure how often it was told, the sum and the highest.
create table queue_depth(
  step integer, start integer,
  queue integer,               -- name.id
  ready_n integer not null, ready_total integer not null, ready_most integer not null,
  unacknowledged_n integer not null, unacknowledged_total integer not null, unacknowledged_most integer not null,
  consumers_n integer not null, consumers_total integer not null, consumers_most integer not null,
  primary key(step, start, queue)
) without rowid;
