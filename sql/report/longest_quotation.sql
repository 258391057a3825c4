-- The longest direct quotation of a person, its pieces joined, and its article.

with longest as (
    select
        article_id,
        utterance_no,
        sum(length(text)) as letters,
    from quotes
    where
        kind = 'direct'
        and speaker_entity_id in (select entity_id from entities where kind = 'person')
    group by article_id, utterance_no
    order by letters desc, article_id asc, utterance_no asc
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
