-- Store the current clusters; `clustered` has one row per article of a pair. Marts count clusters, so the days and
-- speakers of moved articles are marked.

create or replace temp table moved_articles as
select
    articles.article_id,
    articles.published_on,
    clustered.cluster_id,
from articles
left join clustered on articles.article_id = clustered.article_id
where articles.cluster_id is distinct from clustered.cluster_id;

update articles
set cluster_id = moved_articles.cluster_id
from moved_articles
where articles.article_id = moved_articles.article_id;

insert into ops.dirty_days select distinct published_on from moved_articles;

insert into ops.dirty_entities
select distinct quote_speakers.speaker_entity_id
from quote_speakers
inner join moved_articles on quote_speakers.article_id = moved_articles.article_id
where quote_speakers.speaker_entity_id is not null;

drop table moved_articles;
delete from ops.dedup_queue;
