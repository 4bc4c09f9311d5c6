-- What tasks told in custom events (fold/told.py): JSON [[code, sender, time, {field: value}], …], the first three as in
-- the task's history. Beside the tasks and not in them: few have it, and each column more is paid for by all.
create table told(task integer primary key, events text not null);
