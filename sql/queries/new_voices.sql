-- Who was quoted for the first time in the last 30 days, and with which words?

with month as (
    select
        max(published_on) as last_on,
        coalesce(max(published_on) filter (where published_on <= current_date), last_on) as ends_on,
    from mart.daily_articles
),

new_speakers as (
    select
        entity_id,
        speaker,
        first_quoted_on,
        quote_count,
    from mart.speakers
    where
        kind = 'person'
        and first_quoted_on > (select ends_on - 30 from month)
        and first_quoted_on <= (select ends_on from month)
),

spoken as (
    select
        unnest(speaker_entity_ids) as speaker_entity_id,
        text,
        published_on,
        article_id,
        utterance_no,
    from mart.utterances
    where published_on > (select ends_on - 30 from month)
),

first_words as (
    select
        speaker_entity_id,
        arg_min(text, (published_on, article_id, utterance_no)) as text,
    from spoken
    where speaker_entity_id in (select entity_id from new_speakers)
    group by speaker_entity_id
)

select
    new_speakers.speaker,
    new_speakers.first_quoted_on as first_on,
    new_speakers.quote_count as quotes,
    left(first_words.text, 100) as first_words,
from new_speakers
inner join first_words on new_speakers.entity_id = first_words.speaker_entity_id
order by new_speakers.quote_count desc, new_speakers.first_quoted_on, new_speakers.speaker
limit 10;
