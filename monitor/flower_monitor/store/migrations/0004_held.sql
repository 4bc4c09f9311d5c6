-- New tasks that the task table gets a moment later, when most of them have ended: rows of it without their ids, in
-- MessagePack (store/held.py). One row, replaced by each commit; none while there are few events.
create table held(id integer primary key check (id = 0), tasks blob not null);

-- A uuid sets four bits of its filter now instead of two: the start makes them anew.
delete from filter;
