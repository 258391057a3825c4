-- One row per quotation in several articles: the same words, ignoring case and punctuation.

create table if not exists mart.repeated_quotes (
    words_key varchar not null,
    text varchar not null,
    speaker varchar,
    speaker_entity_id bigint,
    speaker_entity_ids bigint[] not null,
    first_article_id bigint not null,
    first_on date not null,
    last_on date not null,
    article_count integer not null,
    story_count integer not null
);
comment on table mart.repeated_quotes is 'One row per quotation in several articles: the same words, ignoring case and punctuation.';
comment on column mart.repeated_quotes.words_key is 'Key of the words, as in mart.utterances.';
comment on column mart.repeated_quotes.text is 'The words as in the first article.';
comment on column mart.repeated_quotes.speaker is 'The speaker in most of the articles.';
comment on column mart.repeated_quotes.speaker_entity_id is 'Entity of that speaker; null for an unnamed source and for joint speakers.';
comment on column mart.repeated_quotes.speaker_entity_ids is 'Entities of all these speakers, joint ones too; empty if there are none.';
comment on column mart.repeated_quotes.first_article_id is 'The first article.';
comment on column mart.repeated_quotes.first_on is 'Day of the first article.';
comment on column mart.repeated_quotes.last_on is 'Day of the last article.';
comment on column mart.repeated_quotes.article_count is 'Number of articles.';
comment on column mart.repeated_quotes.story_count is 'Number of articles, counting near duplicates once.';

-- dirty_words is created by mart.utterances, which is built before.
delete from mart.repeated_quotes
where words_key in (select words_key from dirty_words);

insert into mart.repeated_quotes
with dirty_quotes as (
    -- Without their texts: a wording of a large archive may be in a thousand articles.
    select
        utterances.rowid as row_no,
        utterances.words_key,
        utterances.article_id,
        utterances.utterance_no,
        utterances.published_on,
        utterances.speaker,
        utterances.speaker_entity_id,
        utterances.speaker_entity_ids,
        coalesce(articles.cluster_id, articles.article_id) as story_id,
    from mart.utterances
    inner join articles on utterances.article_id = articles.article_id
    where
        utterances.words_key in (select words_key from dirty_words)
        and utterances.kind != 'indirect'
),

grouped as (
    select
        words_key,
        arg_min(row_no, (published_on, article_id, utterance_no)) as first_row,
        arg_min(article_id, (published_on, article_id)) as first_article_id,
        min(published_on) as first_on,
        max(published_on) as last_on,
        count(distinct article_id) as article_count,
        count(distinct story_id) as story_count,
    from dirty_quotes
    group by words_key
    having count(distinct article_id) > 1
),

counted as (
    select
        grouped.*,
        utterances.text,
    from mart.utterances
    inner join grouped on utterances.rowid = grouped.first_row
    where
        -- By rowid: texts are read of these rows only.
        utterances.rowid in (select firsts.first_row from grouped as firsts)
        -- Shorter ones, such as "No comment", recur by chance.
        and length(utterances.text) >= 20
),

speaker_counts as (
    select
        words_key,
        speaker,
        speaker_entity_id,
        speaker_entity_ids,
        count(*) as times,
    from dirty_quotes
    group by words_key, speaker, speaker_entity_id, speaker_entity_ids
),

speakers as (
    select
        words_key,
        arg_max(
            struct_pack(name := speaker, id := speaker_entity_id, ids := speaker_entity_ids), (times, speaker)
        ) as top_speaker,
    from speaker_counts
    group by words_key
)

select
    counted.words_key,
    counted.text,
    speakers.top_speaker.name as speaker,
    speakers.top_speaker.id as speaker_entity_id,
    speakers.top_speaker.ids as speaker_entity_ids,
    counted.first_article_id,
    counted.first_on,
    counted.last_on,
    counted.article_count,
    counted.story_count,
from counted
inner join speakers on counted.words_key = speakers.words_key
order by counted.article_count desc, counted.first_on, counted.words_key;

drop table dirty_words;
