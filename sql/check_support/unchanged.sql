-- Articles with the same text, mentions, quotes and speakers as in the database `checked`, in all columns that the checks of
-- sql/checks/by_article read.

create or replace temp table unchanged as
with texts as (
    select
        article_id,
        hash(title, body) as fingerprint,
    from articles
    intersect
    select
        article_id,
        hash(title, body) as fingerprint,
    from checked.main.articles
),

-- Sums do not depend on row order, and repeated rows do not cancel out as they would with xor.
mentioned as (
    select
        article_id,
        sum(hash(mention_no, field, char_start, char_end, text)) as fingerprint,
    from mentions
    group by article_id
),

mentioned_before as (
    select
        article_id,
        sum(hash(mention_no, field, char_start, char_end, text)) as fingerprint,
    from checked.main.mentions
    group by article_id
),

quoted as (
    select
        article_id,
        sum(
            hash(
                quote_no, text, char_start, char_end, cue, cue_start, cue_end,
                speaker_text, speaker_start, speaker_end, speaker_count, speaker, speaker_name,
                speaker_entity_id
            )
        ) as fingerprint,
    from quotes
    group by article_id
),

quoted_before as (
    select
        article_id,
        sum(
            hash(
                quote_no, text, char_start, char_end, cue, cue_start, cue_end,
                speaker_text, speaker_start, speaker_end, speaker_count, speaker, speaker_name,
                speaker_entity_id
            )
        ) as fingerprint,
    from checked.main.quotes
    group by article_id
),

spoken as (
    select
        article_id,
        sum(hash(quote_no, speaker_no, speaker_entity_id, speaker, speaker_name)) as fingerprint,
    from quote_speakers
    group by article_id
),

spoken_before as (
    select
        article_id,
        sum(hash(quote_no, speaker_no, speaker_entity_id, speaker, speaker_name)) as fingerprint,
    from checked.main.quote_speakers
    group by article_id
)

select texts.article_id
from texts
left join mentioned on texts.article_id = mentioned.article_id
left join mentioned_before on texts.article_id = mentioned_before.article_id
left join quoted on texts.article_id = quoted.article_id
left join quoted_before on texts.article_id = quoted_before.article_id
left join spoken on texts.article_id = spoken.article_id
left join spoken_before on texts.article_id = spoken_before.article_id
where
    mentioned.fingerprint is not distinct from mentioned_before.fingerprint
    and quoted.fingerprint is not distinct from quoted_before.fingerprint
    and spoken.fingerprint is not distinct from spoken_before.fingerprint;
