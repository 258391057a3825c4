-- The quotes of an article in reading order, each with a list of its speakers.

with speakers as (
    select
        quote_no,
        list(struct_pack(entity_id := speaker_entity_id, name := speaker) order by speaker_no) as speakers,
    from quote_speakers
    where article_id = $article_id
    group by quote_no
)

select
    quotes.*,
    coalesce(speakers.speakers, []) as speakers,
from quotes
left join speakers on quotes.quote_no = speakers.quote_no
where quotes.article_id = $article_id
order by quotes.char_start, quotes.quote_no
