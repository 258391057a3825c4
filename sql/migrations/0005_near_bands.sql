-- What makes a text findable among near duplicates is kept, so that a run reads the texts of its own articles
-- and not those of all days around them. All loaded articles are compared once more.

create table ops.near_bands (
    article_id bigint not null,
    bands uinteger[] not null
);
comment on table ops.near_bands is 'One row per article that was held against its neighbours: what near duplicates may share.';
comment on column ops.near_bands.article_id is 'The article.';
comment on column ops.near_bands.bands is 'Hashes of a MinHash signature''s bands; near duplicates mostly share one. Empty for texts too short to compare.';

delete from ops.near_pairs;
delete from ops.uncompared;
insert into ops.uncompared select article_id from articles;
