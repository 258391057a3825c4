-- Every quote's offsets give its text, its cue and its speaker. In long bodies they are looked for in
-- shared/body_pieces.

with named as (
    select
        article_id,
        quote_no,
        text as quote,
        unnest([text, cue, speaker_text]) as text,
        unnest([char_start, cue_start, speaker_start]) as char_start,
        unnest([char_end, cue_end, speaker_end]) as char_end,
    from quotes
),

places as (
    select
        named.*,
        articles.body,
        coalesce(named.char_end - named.char_start, 0) <= 1000
        and length(articles.body) > 100000 as is_in_pieces,
    from named
    inner join articles on named.article_id = articles.article_id
)

select
    article_id,
    quote_no,
    quote as text,
from places
where
    case
        when is_in_pieces then false
        else substring(body, char_start + 1, char_end - char_start) is distinct from text
    end
union all
select
    places.article_id,
    places.quote_no,
    places.quote as text,
from places
left join body_pieces
    on places.article_id = body_pieces.article_id and places.char_start // 250 = body_pieces.piece_no
where
    places.is_in_pieces
    and substring(body_pieces.text, places.char_start % 250 + 1, places.char_end - places.char_start)
    is distinct from places.text
