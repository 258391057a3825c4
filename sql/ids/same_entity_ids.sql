-- Entities that have the id of another name or kind in `named_entities`. Case is folded more simply than for ids, so
-- the caller compares these once more.

select
    named_entities.kind,
    named_entities.name,
    entities.kind as other_kind,
    entities.name as other_name,
from named_entities
inner join entities on named_entities.entity_id = entities.entity_id
where named_entities.kind != entities.kind or lower(named_entities.name) != lower(entities.name)
order by all
