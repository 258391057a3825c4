-- Edges from a speaker to a person or organization in the speaker's quotes, at least $at_least of them. Directed.

create or replace temp table edges as
select
    speaker_entity_id as source_id,
    entity_id as target_id,
    quote_count,
    article_count,
    first_on::varchar as first_on,
    last_on::varchar as last_on
from mart.speaker_topics
where
    kind in ('person', 'organization')
    and quote_count >= $at_least;
