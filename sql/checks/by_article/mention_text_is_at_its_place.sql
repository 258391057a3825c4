-- Every mention's offsets give its text. In long bodies it is looked for in body_pieces.

-- Not materialized: each place would hold the whole body.
with places as not materialized (
    select
        mentions.*,
        checking.title,
        checking.body,
        mentions.field = 'body'
        and mentions.char_end - mentions.char_start <= 1000
        and checking.is_long as is_in_pieces,
    from mentions
    inner join checking on mentions.article_id = checking.article_id
)

select
    article_id,
    mention_no,
    text,
from places
where
    case
        when is_in_pieces then false
        else
            substring(if(field = 'title', title, body), char_start + 1, char_end - char_start)
            is distinct from text
    end
union all
select
    places.article_id,
    places.mention_no,
    places.text,
from places
left join body_pieces
    on places.article_id = body_pieces.article_id and places.char_start // 250 = body_pieces.piece_no
where
    places.is_in_pieces
    and substring(body_pieces.text, places.char_start % 250 + 1, places.char_end - places.char_start)
    is distinct from places.text
