-- The longest direct quotation of a person, its pieces joined, and its article.

with spoken as (
    select
        quote_speakers.article_id,
        quote_speakers.quote_no,
    from quote_speakers
    inner join entities on quote_speakers.speaker_entity_id = entities.entity_id
    where entities.kind = 'person'
),

longest as (
    select
        quotes.article_id,
        quotes.utterance_no,
        sum(length(quotes.text)) as letters,
    from quotes
    semi join spoken on quotes.article_id = spoken.article_id and quotes.quote_no = spoken.quote_no
    where quotes.kind = 'direct'
    group by quotes.article_id, quotes.utterance_no
    order by letters desc, quotes.article_id asc, quotes.utterance_no asc
    limit 1
),

joined as (
    select
        quotes.article_id,
        first(quotes.speaker order by quotes.quote_no) as speaker,
        string_agg(quotes.text, ' ' order by quotes.quote_no) as text,
    from quotes
    inner join longest
        on
            quotes.article_id = longest.article_id
            and quotes.utterance_no = longest.utterance_no
    where quotes.kind = 'direct'
    group by quotes.article_id
)

select
    joined.speaker,
    joined.text,
    len(regexp_extract_all(joined.text, '\S+')) as words,
    articles.title,
    articles.source_path,
    articles.published_on,
    articles.agency,
from joined
inner join articles on joined.article_id = articles.article_id
