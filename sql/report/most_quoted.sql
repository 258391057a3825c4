-- The most quoted people, reprints counted once, each with the longest quotation that fits on two lines.

with top_people as (
    select
        entity_id,
        speaker,
        distinct_quote_count,
        article_count,
        direct_share,
        first_quoted_on,
        last_quoted_on,
    from mart.speakers
    where kind = 'person'
    order by distinct_quote_count desc, speaker asc, entity_id asc
    limit $people
),

examples as (
    select
        quote_speakers.speaker_entity_id,
        arg_max(quotes.text, (length(quotes.text), quotes.text)) as one_of_them,
    from quotes
    inner join quote_speakers
        on quotes.article_id = quote_speakers.article_id and quotes.quote_no = quote_speakers.quote_no
    inner join top_people on quote_speakers.speaker_entity_id = top_people.entity_id
    where
        quotes.kind = 'direct'
        and length(quotes.text) <= $letters
    group by quote_speakers.speaker_entity_id
)

select
    top_people.speaker,
    top_people.distinct_quote_count as quotes,
    top_people.article_count as articles,
    top_people.direct_share,
    top_people.first_quoted_on,
    top_people.last_quoted_on,
    examples.one_of_them,
from top_people
left join examples on top_people.entity_id = examples.speaker_entity_id
order by quotes desc, top_people.speaker asc, top_people.entity_id asc
