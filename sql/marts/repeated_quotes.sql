-- One row per quotation that several articles have: the same words, whatever case and punctuation.

create table if not exists mart.repeated_quotes (
    words_key ubigint not null,
    text varchar not null,
    speaker varchar,
    speaker_entity_id bigint,
    first_article_id bigint not null,
    first_on date not null,
    last_on date not null,
    article_count integer not null,
    story_count integer not null
);
comment on table mart.repeated_quotes is 'One row per quotation that several articles have: the same words, whatever case and punctuation.';
comment on column mart.repeated_quotes.words_key is 'The words, as in mart.utterances.';
comment on column mart.repeated_quotes.text is 'The words as the first article has them.';
comment on column mart.repeated_quotes.speaker is 'To whom most of the articles give them.';
comment on column mart.repeated_quotes.speaker_entity_id is 'That speaker''s entity; null for a source without a name.';
comment on column mart.repeated_quotes.first_article_id is 'First article that has them.';
comment on column mart.repeated_quotes.first_on is 'Its day of publication.';
comment on column mart.repeated_quotes.last_on is 'Day of the last article.';
comment on column mart.repeated_quotes.article_count is 'Articles that have them.';
comment on column mart.repeated_quotes.story_count is 'The same, near duplicates counted once.';

-- Read from mart.utterances, whose file comes before this one: words_touched stays from there.
delete from mart.repeated_quotes
where words_key in (select words_key from words_touched);

insert into mart.repeated_quotes
with said as (
    select
        utterances.*,
        coalesce(articles.cluster_id, articles.article_id) as story_id,
    from mart.utterances
    inner join articles on utterances.article_id = articles.article_id
    where
        utterances.words_key in (select words_key from words_touched)
        and utterances.kind != 'indirect'
        -- "No comment" and "Yes, we did" are everybody's words.
        and length(utterances.text) >= 20
),

counted as (
    select
        words_key,
        arg_min(text, (published_on, article_id)) as text,
        arg_min(article_id, (published_on, article_id)) as first_article_id,
        min(published_on) as first_on,
        max(published_on) as last_on,
        count(distinct article_id) as article_count,
        count(distinct story_id) as story_count,
    from said
    group by words_key
    having count(distinct article_id) > 1
),

given_to as (
    select
        words_key,
        speaker,
        speaker_entity_id,
        count(*) as times,
    from said
    group by words_key, speaker, speaker_entity_id
),

speakers as (
    select
        words_key,
        arg_max(struct_pack(name := speaker, id := speaker_entity_id), (times, speaker)) as most,
    from given_to
    group by words_key
)

select
    counted.words_key,
    counted.text,
    speakers.most.name as speaker,
    speakers.most.id as speaker_entity_id,
    counted.first_article_id,
    counted.first_on,
    counted.last_on,
    counted.article_count,
    counted.story_count,
from counted
inner join speakers on counted.words_key = speakers.words_key
order by counted.article_count desc, counted.first_on, counted.words_key;

drop table words_touched;
