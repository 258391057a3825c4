-- Who is quoted most, and what did each say? The longest quotation that fits a line stands for the rest.

with short as (
    select
        quotes.speaker_entity_id,
        arg_max(quotes.text, (length(quotes.text), quotes.text)) as words,
    from quotes
    where
        quotes.kind = 'direct'
        and length(quotes.text) <= 80
    group by quotes.speaker_entity_id
)

select
    speakers.speaker,
    speakers.quote_count as quotes,
    speakers.article_count as articles,
    short.words as one_of_them,
from mart.speakers
left join short on speakers.entity_id = short.speaker_entity_id
where speakers.kind = 'person'
order by speakers.quote_count desc, speakers.speaker
limit 10;
