-- The additional table of a lake.

create table if not exists ops.published (
    snapshot_id bigint not null,
    change_no bigint not null,
    published_at timestamp not null
);
comment on table ops.published is 'One row per published snapshot of a lake; readers see the newest one.';
comment on column ops.published.snapshot_id is 'Snapshot id in the lake.';
comment on column ops.published.change_no is 'change_no of ops.warehouse in that snapshot.';
comment on column ops.published.published_at is 'When it was published, in UTC.';
