-- Who is quoted most, and what is one thing each said? The longest quotation stands for the rest.

with said as (
    select
        quotes.speaker_entity_id,
        quotes.text,
        articles.published_on,
    from quotes
    inner join articles on quotes.article_id = articles.article_id
    where quotes.kind = 'direct'
)

select
    speakers.speaker,
    speakers.quote_count as quotes,
    speakers.article_count as articles,
    arg_max(said.text, (length(said.text), said.text)) as one_of_them,
from mart.speakers
left join said on speakers.entity_id = said.speaker_entity_id
where speakers.kind = 'person'
group by speakers.speaker, speakers.quote_count, speakers.article_count
order by quotes desc, speaker
limit 10;
