-- Every entity is to be made again from its mentions. What `load` does for what a batch names comes before:
-- one that lacks its row gets one, and one that is named nowhere loses it.

create or replace temp table entities_before as from entities;

create or replace temp table dirty_entities as
select entity_id from entities
union
select entity_id from mentions;

create or replace temp table named_before as select entity_id from entities;

create or replace temp table staged_mentions as
select
    mentions.entity_id,
    mentions.article_id,
    mentions.text,
    mentions.name,
    mentions.kind,
from mentions
anti join entities on mentions.entity_id = entities.entity_id;

create or replace temp table staged_entities as
select
    entity_id,
    any_value(kind) as kind,
    null::varchar as country_code,
from staged_mentions
group by entity_id;
