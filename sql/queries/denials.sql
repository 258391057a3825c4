-- Who denied what? The newest quotes with a verb of denial.

with denied as (
    select
        article_id,
        quote_no,
        speaker,
        cue,
        text,
    from quotes
    where cue in ('denied', 'denies', 'rejected', 'rejects', 'dismissed', 'disputed', 'refuted')
)

select
    articles.published_on,
    denied.speaker,
    denied.cue,
    left(denied.text, 100) as words,
from denied
inner join articles on denied.article_id = articles.article_id
order by articles.published_on desc, denied.article_id, denied.quote_no
limit 10;
