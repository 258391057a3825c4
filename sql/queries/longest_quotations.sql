-- Which quotations are the longest, and how do they begin?

with longest as (
    select
        rowid as utterance_rowid,
        length(text) as characters,
    from mart.utterances
    where kind = 'direct'
    order by characters desc, article_id, utterance_no
    limit 10
)

select
    utterances.speaker,
    longest.characters,
    left(utterances.text, 80) as beginning,
    articles.title,
from longest
inner join mart.utterances on longest.utterance_rowid = utterances.rowid
inner join articles on utterances.article_id = articles.article_id
order by longest.characters desc, utterances.article_id, utterances.utterance_no;
