-- A table that is delivered again is read only where its rows changed: each delivery keeps the digest of its row.

alter table ops.deliveries add column row_digest bigint;
comment on column ops.deliveries.row_digest is 'First 64 bits of the BLAKE2b hash of the row in its file, by which an unchanged row is left out when the file is delivered again; null for a file, for forms without rows, and where the next delivery must be read whole.';
