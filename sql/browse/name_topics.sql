-- Whom and what a speaker's quotes name most.

select
    entity_id,
    entity as name,
    kind,
    quote_count,
from mart.speaker_topics
where speaker_entity_id = $entity_id
order by quote_count desc, name
limit $shown
