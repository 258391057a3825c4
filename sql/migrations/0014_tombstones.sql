-- Articles that were taken down leave a tombstone, which has no text of theirs. Quarantine says until when an article is
-- held, and why one was dismissed; deliveries say since when their file is missing.

create table ops.tombstones (
    tombstone_id varchar primary key,
    forgotten_at timestamp not null,
    why varchar not null,
    contents varchar[] not null,
    texts varchar[] not null,
    headlines varchar[] not null,
    places varchar[] not null,
    sequences varchar[] not null
);
comment on table ops.tombstones is 'One row per article that was taken down and is kept out, without its text.';
comment on column ops.tombstones.tombstone_id is 'Id of the tombstone, made of the place of the article.';
comment on column ops.tombstones.forgotten_at is 'When the article was taken down, in UTC.';
comment on column ops.tombstones.why is 'The reason given.';
comment on column ops.tombstones.contents is 'SHA-256 of the bytes of each delivery of the article.';
comment on column ops.tombstones.texts is 'text_sha256 of each version of the article.';
comment on column ops.tombstones.headlines is 'Hash of the words of each of its headlines.';
comment on column ops.tombstones.places is 'Hash of each path and URL of the article.';
comment on column ops.tombstones.sequences is 'Hashes of a sample, about a quarter, of its sequences of three words: a changed copy shares most of them.';

create table ops.kept_out (
    tombstone_id varchar not null,
    place varchar not null,
    bytes bigint not null,
    modified_ns bigint not null
);
comment on table ops.kept_out is 'One row per landed file that a tombstone keeps out, so that it is not read again.';
comment on column ops.kept_out.tombstone_id is 'The tombstone.';
comment on column ops.kept_out.place is 'Hash of the path of the file.';
comment on column ops.kept_out.bytes is 'Size of the file in bytes.';
comment on column ops.kept_out.modified_ns is 'Modification time of the file, in nanoseconds since 1970.';

alter table ops.quarantine add column held_until timestamp;
alter table ops.quarantine add column dismissed_why varchar;
comment on column ops.quarantine.held_until is 'When the delivery is tried again by itself, in UTC: the end of an embargo; null if it must be fixed.';
comment on column ops.quarantine.dismissed_why is 'Why it was dismissed: nobody will fix it; null if it was not.';
comment on column ops.quarantine.released_at is 'When a newer delivery or a retry released it, or it was dismissed, in UTC; null until then.';

alter table ops.deliveries add column missing_since timestamp;
comment on column ops.deliveries.missing_since is 'When its file was first found missing at the landing location, in UTC; null if it was there.';
comment on column ops.deliveries.status is 'loaded, duplicate, quarantined, dismissed (was quarantined, and nobody will fix it), superseded (a later content of the article was loaded), split (a file with many articles, which have rows of their own) or withdrawn (was quarantined, and is missing in the next delivery of its file).';
