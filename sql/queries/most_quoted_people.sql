-- Who is quoted most, and what did each say? The longest quotation that fits a line stands for the rest.

with most as (
    select
        entity_id,
        speaker,
        quote_count,
        article_count,
    from mart.speakers
    where kind = 'person'
    order by quote_count desc, speaker
    limit 10
),

short as (
    select
        quotes.speaker_entity_id,
        arg_max(quotes.text, (length(quotes.text), quotes.text)) as words,
    from quotes
    where
        quotes.speaker_entity_id in (select entity_id from most)
        and quotes.kind = 'direct'
        and length(quotes.text) <= 80
    group by quotes.speaker_entity_id
)

select
    most.speaker,
    most.quote_count as quotes,
    most.article_count as articles,
    short.words as one_of_them,
from most
left join short on most.entity_id = short.speaker_entity_id
order by most.quote_count desc, most.speaker;
