-- Who denied what? The newest quotes with a verb of denial.

with newest as (
    select
        quotes.rowid as quote_rowid,
        articles.published_on,
    from quotes
    inner join articles on quotes.article_id = articles.article_id
    where quotes.cue in ('denied', 'denies', 'rejected', 'rejects', 'dismissed', 'disputed', 'refuted')
    order by articles.published_on desc, quotes.article_id, quotes.quote_no
    limit 10
)

select
    newest.published_on,
    quotes.speaker,
    quotes.cue,
    left(quotes.text, 100) as words,
from newest
inner join quotes on newest.quote_rowid = quotes.rowid
order by newest.published_on desc, quotes.article_id, quotes.quote_no;
