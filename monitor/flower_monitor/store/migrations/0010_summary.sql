-- The summary's numbers as they were: from `start` on for `step` seconds (60, 3600 or 86400) of our clock, in steps that
-- get coarser with age as in `rollup`. Of each figure how often it was known, the sum, the lowest and the highest.
create table summary_sample(
  step integer, start integer,
  figure text,                 -- summary_samples.Figure
  n integer not null, total real not null, least real not null, most real not null,
  primary key(step, start, figure)
) without rowid;
