-- Every entity is to be made again from its mentions, one that lacks its row gets one, and
-- one that is named nowhere loses it.

create or replace temp table entities_before as from entities;

create or replace temp table touched_entities as
select entity_id from entities
union
select entity_id from mentions;

insert into entities
select
    mentions.entity_id,
    max(mentions.name) as name,
    any_value(mentions.kind) as kind,
    list_sort(list_distinct(list(mentions.text))) as aliases,
    null as country_code,
    min(articles.published_on) as first_seen_on,
    max(articles.published_on) as last_seen_on,
    null as external_id,
from mentions
inner join articles on mentions.article_id = articles.article_id
anti join entities on mentions.entity_id = entities.entity_id
group by mentions.entity_id;

delete from entities where entity_id not in (select entity_id from mentions);
