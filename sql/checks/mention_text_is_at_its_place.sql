-- Every mention's offsets give its text.

select
    mentions.article_id,
    mentions.mention_no,
    mentions.text,
from mentions
inner join articles on mentions.article_id = articles.article_id
where
    substring(
        if(mentions.field = 'title', articles.title, articles.body),
        mentions.char_start + 1,
        mentions.char_end - mentions.char_start
    ) is distinct from mentions.text
