-- The offsets of every quote give its text, cue, speaker phrase and speaker's role. In long bodies they are looked up in body_pieces.

with spans as (
    select
        quotes.article_id,
        quotes.quote_no,
        quotes.text as quote,
        unnest([quotes.text, quotes.cue, quotes.speaker_text, quotes.speaker_role]) as text,
        unnest([quotes.char_start, quotes.cue_start, quotes.speaker_start, quotes.role_start]) as char_start,
        unnest([quotes.char_end, quotes.cue_end, quotes.speaker_end, quotes.role_end]) as char_end,
    from quotes
    semi join slice_articles on quotes.article_id = slice_articles.article_id
),

-- Not materialized: every position would have a copy of the body.
positions as not materialized (
    select
        spans.*,
        slice_articles.body,
        coalesce(spans.char_end - spans.char_start, 0) <= 1000
        and slice_articles.is_long as is_in_pieces,
    from spans
    inner join slice_articles on spans.article_id = slice_articles.article_id
)

select
    article_id,
    quote_no,
    quote as text,
from positions
where
    case
        when is_in_pieces then false
        else substring(body, char_start + 1, char_end - char_start) is distinct from text
    end
union all
select
    positions.article_id,
    positions.quote_no,
    positions.quote as text,
from positions
left join body_pieces
    on positions.article_id = body_pieces.article_id and positions.char_start // 250 = body_pieces.piece_no
where
    positions.is_in_pieces
    and substring(body_pieces.text, positions.char_start % 250 + 1, positions.char_end - positions.char_start)
    is distinct from positions.text
