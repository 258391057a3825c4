-- Entities that mentions and quotes point to exist, and each has a mention.

select
    coalesce(named.entity_id, entities.entity_id) as entity_id,
    entities.name,
from (
    select entity_id from mentions
    union
    select speaker_entity_id from quotes where speaker_entity_id is not null
) as named
full join entities on named.entity_id = entities.entity_id
where named.entity_id is null or entities.entity_id is null
