-- What was not seen, and what became of the tasks that no end was seen of.

alter table worker add column since real;                          -- its clock: its process took the place of another
alter table worker add column restarts integer not null default 0;
alter table worker add column shared integer not null default 0;   -- 1: two processes say that they are this worker
alter table worker add column clock_offset real;                   -- seconds its clock is ahead of ours
alter table worker add column lag real;                            -- seconds that its last heartbeat took
alter table worker add column tasks_due integer not null default 0;     -- it started, by its heartbeats
alter table worker add column tasks_missed integer not null default 0;  -- of these without an event of it
alter table worker add column accounts text not null default '[]'; -- JSON of truth.account.Account

-- From when to when (our clock) how much is missing, and why.
create table gap(
  id integer primary key,
  why text not null,           -- truth.incidents.Why
  start real not null,
  until real,                  -- null: it still goes on
  detail text,
  missed integer,              -- tasks started without an event; null: no worker has told yet
  events integer,              -- events dropped here; null: not known
  workers text not null,       -- JSON {host name: missed}, some of them
  more integer not null        -- workers beyond those
);

-- What was found out about an unfinished task. It holds while `ts` is the task's: an event later, it is history.
create table verdict(
  task integer primary key,
  ts real not null,
  verdict text not null,       -- truth.verdict.Outcome
  why text not null,
  evidence text not null,      -- JSON list of texts
  at real not null             -- our clock
);
