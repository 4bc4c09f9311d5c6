-- Kinds of failure that somebody does not want to hear of until a time (silence.Silence). Few: those that are over go
-- when the next one comes.
create table silence(
  id text primary key,         -- failures.Kind.id
  name text,
  exception text not null,
  file text,
  function text,
  reason text not null,
  user text not null,
  at real not null,            -- our clock, as `until`
  until real not null
) without rowid;
