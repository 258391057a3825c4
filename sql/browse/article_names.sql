-- One row per entity that an article mentions, those with most quotes in it first.

with mentioned as (
    select
        entity_id,
        count(*) as mention_count,
        any_value(name order by length(name) desc, name) as name_here,
    from mentions
    where article_id = $article_id
    group by entity_id
),

quoted as (
    select
        quote_speakers.speaker_entity_id as entity_id,
        count(distinct quote_speakers.quote_no) as quote_count,
    from quote_speakers
    inner join quotes
        on quote_speakers.article_id = quotes.article_id and quote_speakers.quote_no = quotes.quote_no
    where
        quote_speakers.article_id = $article_id
        and quotes.kind != 'act'
    group by quote_speakers.speaker_entity_id
)

select
    entities.entity_id,
    entities.name,
    entities.kind,
    mentioned.name_here,
    coalesce(mentioned.mention_count, 0) as mention_count,
    coalesce(quoted.quote_count, 0) as quote_count,
from mentioned
full join quoted on mentioned.entity_id = quoted.entity_id
inner join entities on coalesce(mentioned.entity_id, quoted.entity_id) = entities.entity_id
order by quote_count desc, mention_count desc, entities.name
