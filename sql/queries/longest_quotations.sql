-- Which quotations are the longest, and how do they begin?

with longest as (
    select
        speaker,
        article_id,
        utterance_no,
        length(text) as characters,
        left(text, 80) as beginning,
    from mart.utterances
    where kind = 'direct'
    order by characters desc, article_id, utterance_no
    limit 10
)

select
    longest.speaker,
    longest.characters,
    longest.beginning,
    articles.title,
from longest
inner join articles on longest.article_id = articles.article_id
order by longest.characters desc, longest.article_id, longest.utterance_no;
