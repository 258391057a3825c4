-- What a lake has more than a file.

create table if not exists ops.published (
    snapshot_id bigint not null,
    change_no bigint not null,
    published_at timestamp not null
);
comment on table ops.published is 'One row per publish of a lake: the snapshot that was checked, which people are shown until the next.';
comment on column ops.published.snapshot_id is 'Snapshot of the lake.';
comment on column ops.published.change_no is 'The change of ops.warehouse that it holds.';
comment on column ops.published.published_at is 'When it was published, UTC.';
