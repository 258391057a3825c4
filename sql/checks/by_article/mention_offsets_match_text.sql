-- The offsets of every mention give its text. In long bodies they are looked up in body_pieces.

-- Not materialized: every position would have a copy of the body.
with positions as not materialized (
    select
        mentions.*,
        slice_articles.title,
        slice_articles.body,
        mentions.field = 'body'
        and mentions.char_end - mentions.char_start <= 1000
        and slice_articles.is_long as is_in_pieces,
    from mentions
    inner join slice_articles on mentions.article_id = slice_articles.article_id
)

select
    article_id,
    mention_no,
    text,
from positions
where
    case
        when is_in_pieces then false
        else
            substring(if(field = 'title', title, body), char_start + 1, char_end - char_start)
            is distinct from text
    end
union all
select
    positions.article_id,
    positions.mention_no,
    positions.text,
from positions
left join body_pieces
    on positions.article_id = body_pieces.article_id and positions.char_start // 250 = body_pieces.piece_no
where
    positions.is_in_pieces
    and substring(body_pieces.text, positions.char_start % 250 + 1, positions.char_end - positions.char_start)
    is distinct from positions.text
