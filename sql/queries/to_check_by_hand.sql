-- Which direct quotations should an editor check? Those with the least certain speakers, newest first.

with newest as (
    select
        quotes.rowid as quote_rowid,
        articles.published_on,
    from quotes
    inner join articles on quotes.article_id = articles.article_id
    where
        quotes.kind = 'direct'
        and quotes.speaker is not null
        and quotes.confidence < 0.6
    order by articles.published_on desc, quotes.article_id, quotes.quote_no
    limit 10
)

select
    newest.published_on,
    articles.source_path,
    quotes.speaker,
    round(quotes.confidence, 2) as confidence,
    left(quotes.text, 80) as words,
from newest
inner join quotes on newest.quote_rowid = quotes.rowid
inner join articles on quotes.article_id = articles.article_id
order by newest.published_on desc, quotes.article_id, quotes.quote_no;
