-- Every entity of a mention or speaker exists, and every entity has a mention or is a speaker.

with referenced as (
    select entity_id from mentions
    union
    select speaker_entity_id as entity_id from quotes where speaker_entity_id is not null
    union
    select speaker_entity_id as entity_id from quote_speakers where speaker_entity_id is not null
)

select
    coalesce(referenced.entity_id, entities.entity_id) as entity_id,
    entities.name,
from referenced
full join entities on referenced.entity_id = entities.entity_id
where referenced.entity_id is null or entities.entity_id is null
