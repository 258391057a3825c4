-- Who is quoted most, and what did they say? With the longest quotation that fits on a line.

with top_people as (
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

examples as (
    select
        quote_speakers.speaker_entity_id,
        arg_max(quotes.text, (length(quotes.text), quotes.text)) as words,
    from quotes
    inner join quote_speakers
        on quotes.article_id = quote_speakers.article_id and quotes.quote_no = quote_speakers.quote_no
    where
        quote_speakers.speaker_entity_id in (select entity_id from top_people)
        and quotes.kind = 'direct'
        and length(quotes.text) <= 80
    group by quote_speakers.speaker_entity_id
)

select
    top_people.speaker,
    top_people.quote_count as quotes,
    top_people.article_count as articles,
    examples.words as one_of_them,
from top_people
left join examples on top_people.entity_id = examples.speaker_entity_id
order by top_people.quote_count desc, top_people.speaker;
