-- Every quote's offsets give its text, its cue and its speaker.

select
    quotes.article_id,
    quotes.quote_no,
    quotes.text,
from quotes
inner join articles on quotes.article_id = articles.article_id
where
    substring(articles.body, quotes.char_start + 1, quotes.char_end - quotes.char_start)
    is distinct from quotes.text
    or substring(articles.body, quotes.cue_start + 1, quotes.cue_end - quotes.cue_start)
    is distinct from quotes.cue
    or substring(articles.body, quotes.speaker_start + 1, quotes.speaker_end - quotes.speaker_start)
    is distinct from quotes.speaker_text
