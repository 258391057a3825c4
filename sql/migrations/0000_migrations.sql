-- Where migrations are recorded; made before the first of them.

create schema if not exists ops;

create table if not exists ops.migrations (
    number integer primary key,
    name varchar not null,
    sha256 varchar not null,
    applied_at timestamp not null
);
comment on table ops.migrations is 'One row per schema change applied to this file.';
comment on column ops.migrations.number is 'Number at the start of the file''s name.';
comment on column ops.migrations.name is 'File in sql/migrations.';
comment on column ops.migrations.sha256 is 'SHA-256 of that file as it was applied, in hexadecimal.';
comment on column ops.migrations.applied_at is 'When, UTC.';
