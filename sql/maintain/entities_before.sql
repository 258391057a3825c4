-- Every entity is to be made again from its mentions, as `load` does for those that a batch touches.

create or replace temp table entities_before as from entities;

create or replace temp table touched_entities as
select entity_id from entities
union
select entity_id from mentions;

create or replace temp table staged_entities as
select
    mentions.entity_id,
    any_value(mentions.kind) as kind,
    null::varchar as country_code,
from mentions
anti join entities on mentions.entity_id = entities.entity_id
group by mentions.entity_id;
