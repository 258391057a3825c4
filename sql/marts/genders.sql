-- One row per month of publication, outlet, section and gender of persons who are quoted.

-- A view: the gender of a person can change with any new article about them.
create or replace view mart.genders as
-- Words are what is between white space. They are counted before the joins: DuckDB counts those of a text that it has
-- compressed once. To split at spaces takes a fifth of the time of a pattern.
with spoken as (
    select
        article_id,
        quote_no,
        kind,
        if(
            contains(text, '  ')
            or contains(text, e'\t')
            or contains(text, e'\n')
            or contains(text, e'\f')
            or contains(text, e'\r'),
            len(regexp_extract_all(text, '\S+')),
            len(string_split(trim(text), ' '))
        ) as word_count,
    from main.quotes
    where kind != 'act'
),

persons as (
    select
        quote_speakers.article_id,
        quote_speakers.quote_no,
        quote_speakers.speaker_no,
        quote_speakers.speaker_entity_id,
        entities.gender,
    from main.quote_speakers
    inner join main.entities on quote_speakers.speaker_entity_id = entities.entity_id
    where entities.kind = 'person'
),

joint_quotes as (
    select
        article_id,
        quote_no,
    from main.quote_speakers
    where speaker_no > 0
),

-- An alias can make two joint speakers one. Nearly all quotes have one speaker; to compare those too would take long.
speakers as (
    select * exclude (speaker_no)
    from persons
    anti join joint_quotes
        on persons.article_id = joint_quotes.article_id and persons.quote_no = joint_quotes.quote_no
    union all
    select distinct persons.* exclude (speaker_no)
    from persons
    semi join joint_quotes
        on persons.article_id = joint_quotes.article_id and persons.quote_no = joint_quotes.quote_no
)

select
    date_trunc('month', articles.published_on)::date as month,
    articles.outlet,
    articles.section,
    speakers.gender,
    count(*) as quote_count,
    count_if(spoken.kind = 'direct')::bigint as direct_count,
    sum(spoken.word_count)::bigint as word_count,
    count(distinct speakers.speaker_entity_id) as speaker_count,
    count(distinct spoken.article_id) as article_count,
from speakers
inner join spoken on speakers.article_id = spoken.article_id and speakers.quote_no = spoken.quote_no
inner join main.articles on spoken.article_id = articles.article_id
group by all;

comment on view mart.genders is 'One row per month of publication, outlet, section and gender of persons who are quoted.';
comment on column mart.genders.month is 'First day of the month of publication.';
comment on column mart.genders.outlet is 'Outlet; null for the articles that have none.';
comment on column mart.genders.section is 'Section; null for the articles that have none.';
comment on column mart.genders.gender is 'woman, man or they, as in entities: a reading of texts; null if unknown.';
comment on column mart.genders.quote_count is 'Number of quotes: direct, mixed and indirect, not acts. A joint quote counts for each speaker.';
comment on column mart.genders.direct_count is 'Number of direct quotes.';
comment on column mart.genders.word_count is 'Number of words of the quotes.';
comment on column mart.genders.speaker_count is 'Number of speakers. They do not add up: one may be quoted in several months.';
comment on column mart.genders.article_count is 'Number of articles with such a quote.';
