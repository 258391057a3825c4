-- Which direct quotations should an editor check by hand? Those whose speaker is least sure, the newest first.

with unsure as (
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
    unsure.speaker,
    round(unsure.confidence, 2) as confidence,
    left(unsure.text, 80) as words,
from unsure
inner join articles on unsure.article_id = articles.article_id
order by articles.published_on desc, unsure.article_id, unsure.quote_no
limit 10;
