-- A warehouse says what made it: which version published it, and what shaped the rows of each run beside the code.

alter table ops.runs add column settings varchar;
alter table ops.runs add column confidence_sha256 varchar;
comment on column ops.runs.settings is 'Settings that shape what is loaded, as JSON, without those at their default; null for runs of 1.0.';
comment on column ops.runs.confidence_sha256 is 'SHA-256 of the table from which confidences are read (confidence.txt); null for runs of 1.0.';

alter table ops.warehouse add column version varchar;
alter table ops.warehouse add column published_at timestamp;
comment on column ops.warehouse.version is 'Version of On the Record that published it; null until 2.0 did.';
comment on column ops.warehouse.published_at is 'When it was published, in UTC; null until 2.0 did.';
