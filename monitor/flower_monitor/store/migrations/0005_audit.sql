-- Who did what: each request that would change something (audit.AuditEntry).
create table audit(
  id integer primary key,
  at real not null,
  user text not null,
  role text not null,
  address text not null,
  method text not null,
  path text not null,
  detail text not null,
  status integer not null,
  outcome text not null
);
