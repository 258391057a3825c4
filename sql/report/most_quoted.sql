-- The people quoted most, reprints counted once, each with the longest quotation that fits two lines.

with most as (
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

words as (
    select
        quotes.speaker_entity_id,
        arg_max(quotes.text, (length(quotes.text), quotes.text)) as one_of_them,
    from quotes
    inner join most on quotes.speaker_entity_id = most.entity_id
    where
        quotes.kind = 'direct'
        and length(quotes.text) <= $letters
    group by quotes.speaker_entity_id
)

select
    most.speaker,
    most.distinct_quote_count as quotes,
    most.article_count as articles,
    most.direct_share,
    most.first_quoted_on,
    most.last_quoted_on,
    words.one_of_them,
from most
left join words on most.entity_id = words.speaker_entity_id
order by quotes desc, most.speaker asc, most.entity_id asc
