-- Every quote's offsets give its text, its cue and its speaker. In long bodies they are looked for in
-- body_pieces.

with named as (
    select
        quotes.article_id,
        quotes.quote_no,
        quotes.text as quote,
        unnest([quotes.text, quotes.cue, quotes.speaker_text]) as text,
        unnest([quotes.char_start, quotes.cue_start, quotes.speaker_start]) as char_start,
        unnest([quotes.char_end, quotes.cue_end, quotes.speaker_end]) as char_end,
    from quotes
    semi join checking on quotes.article_id = checking.article_id
),

-- Not materialized: each place would hold the whole body.
places as not materialized (
    select
        named.*,
        checking.body,
        coalesce(named.char_end - named.char_start, 0) <= 1000
        and checking.is_long as is_in_pieces,
    from named
    inner join checking on named.article_id = checking.article_id
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
