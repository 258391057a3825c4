-- Which direct quotations should an editor check? Those with the least certain speakers, newest first.

with uncertain as (
    select
        article_id,
        quote_no,
        speaker,
        confidence,
        text,
    from quotes
    where
        kind = 'direct'
        and speaker is not null
        and confidence < 0.6
)

select
    articles.published_on,
    articles.source_path,
    uncertain.speaker,
    round(uncertain.confidence, 2) as confidence,
    left(uncertain.text, 80) as words,
from uncertain
inner join articles on uncertain.article_id = articles.article_id
order by articles.published_on desc, uncertain.article_id, uncertain.quote_no
limit 10;
