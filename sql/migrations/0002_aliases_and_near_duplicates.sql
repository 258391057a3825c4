-- A curated file of aliases says whom a name means; its external ids come with it. Near duplicates are
-- found by pairs.

create table ops.aliases (
    alias varchar not null,
    name varchar not null,
    kind varchar,
    external_id varchar
);
comment on table ops.aliases is 'One row per alias of aliases.csv in the home folder, as it was last applied.';
comment on column ops.aliases.alias is 'Name that articles use, without case.';
comment on column ops.aliases.name is 'Name of the entity that it means.';
comment on column ops.aliases.kind is 'Kind of that entity; null where the articles'' own kind stands.';
comment on column ops.aliases.external_id is 'Id of that entity elsewhere (a Wikidata id, say); null where none is given.';

alter table entities add column external_id varchar;
comment on column entities.external_id is 'Id elsewhere (a Wikidata id, say), from aliases.csv; null where none is given.';

alter table quotes add column speaker_name varchar;
update quotes set speaker_name = speaker;
comment on column quotes.speaker_name is 'Fullest form that this article gives of the speaker; speaker is the same where no alias says otherwise.';

create table ops.near_pairs (
    article_id bigint not null,
    other_id bigint not null,
    shared float not null
);
comment on table ops.near_pairs is 'One row per pair of near duplicates, the smaller article_id first.';
comment on column ops.near_pairs.article_id is 'An article.';
comment on column ops.near_pairs.other_id is 'An article with nearly the same text.';
comment on column ops.near_pairs.shared is 'Share of the shorter text''s word sequences that the other has too, 0 to 1.';

create table ops.uncompared (
    article_id bigint not null
);
comment on table ops.uncompared is 'One row per article whose text is still to be held against those of its neighbouring days.';
comment on column ops.uncompared.article_id is 'The article.';
insert into ops.uncompared select article_id from articles;

comment on column articles.cluster_id is 'Shared by near duplicates: the smallest article_id among them; null for an article without any.';
