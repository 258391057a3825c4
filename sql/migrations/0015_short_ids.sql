-- Ids lose their last ten bits, of 63, so that they are below 2^53 and no tool rounds them: the id of an article stays
-- that of its path, in this warehouse as in a new one. Marts, which have ids too, are rebuilt.

-- Two ids that differ in these bits only would become one. With ten million articles the chance is 1 in 180.
create temp table shortened as
select
    'articles' as things,
    article_id as id,
    source_path as name,
from articles
union all
select
    'entities' as things,
    entity_id as id,
    name || ' (' || kind || ')' as name,
from entities
union all
select
    'deliveries' as things,
    delivery_id as id,
    source_path as name,
from ops.deliveries
union all
select
    'alerts' as things,
    alert_id as id,
    rule || ' ' || subject as name,
from ops.alerts;

with collisions as (
    select
        things,
        string_agg('''' || name || '''', ' and ' order by name) as names,
    from shortened
    group by things, id >> 10
    having count(*) > 1
)

select
    error(
        'refused: ' || names || ' would be two ' || things || ' with one id, as ids get shorter. Build the '
        || 'warehouse anew with `ontherecord rebuild LANDING --from-scratch`, which tells what to rename'
    ) as message,
from collisions
order by names;

drop table shortened;

update articles
set article_id = article_id >> 10, duplicate_of = duplicate_of >> 10, cluster_id = cluster_id >> 10;

update article_versions
set article_id = article_id >> 10, duplicate_of = duplicate_of >> 10, cluster_id = cluster_id >> 10;

update entities set entity_id = entity_id >> 10;

update entity_joins set entity_id = entity_id >> 10, joined_entity_id = joined_entity_id >> 10;

update mentions set article_id = article_id >> 10, entity_id = entity_id >> 10;

update quotes set article_id = article_id >> 10, speaker_entity_id = speaker_entity_id >> 10;

update quote_speakers set article_id = article_id >> 10, speaker_entity_id = speaker_entity_id >> 10;

update ops.gender_counts set article_id = article_id >> 10;

update ops.machine_quotes set article_id = article_id >> 10, speaker_entity_id = speaker_entity_id >> 10;

update ops.machine_quote_speakers
set article_id = article_id >> 10, speaker_entity_id = speaker_entity_id >> 10;

update ops.machine_mentions set article_id = article_id >> 10, entity_id = entity_id >> 10;

update ops.machine_entities set entity_id = entity_id >> 10;

update ops.near_pairs set article_id = article_id >> 10, other_id = other_id >> 10;

update ops.near_bands set article_id = article_id >> 10;

update ops.dedup_queue set article_id = article_id >> 10;

update ops.deliveries set delivery_id = delivery_id >> 10, article_id = article_id >> 10;

update ops.quarantine set delivery_id = delivery_id >> 10;

update ops.alerts set alert_id = alert_id >> 10;

update ops.dirty_entities set entity_id = entity_id >> 10;

update search.articles set article_id = article_id >> 10;

delete from ops.marts;

comment on column articles.article_id is 'Stable id below 2^53, derived from source_path: the same in every run and on every machine.';
comment on column entities.entity_id is 'Stable id below 2^53, derived from name and kind: the same in every run and on every machine.';
comment on column ops.deliveries.delivery_id is 'Stable id below 2^53, derived from source_path and content_sha256.';
comment on column ops.alerts.alert_id is 'Stable id below 2^53, derived from rule, subject and raised_at.';
