-- Tables, a column and recorded names get the names that 2.0 uses. Marts are rebuilt from their files anyway.

alter table ops.uncompared rename to dedup_queue;
alter table ops.touched_days rename to dirty_days;
alter table ops.touched_entities rename to dirty_entities;
alter table search.numbers rename to doc_counter;
alter table ops.near_pairs rename column shared to overlap;

update ops.runs set flow = 'retry-quarantine' where flow = 'replay';
update ops.alerts set rule = 'quarantine_rate' where rule = 'held_back';
