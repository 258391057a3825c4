-- One row per rule that decided speakers and kind of quote.

-- A view: neither days nor entities key it, so following a run would need a finer table below it, and it is read rarely.
create or replace view mart.rules as
with named_jointly as (
    select distinct
        quotes.article_id,
        quotes.quote_no,
    from main.quotes
    inner join main.quote_speakers
        on quotes.article_id = quote_speakers.article_id and quotes.quote_no = quote_speakers.quote_no
    where
        quotes.speaker_count > 1
        and quote_speakers.speaker_entity_id is not null
)

select
    quotes.rule,
    quotes.kind,
    count(*) as quote_count,
    (
        count_if(quotes.speaker_entity_id is not null or named_jointly.article_id is not null) / count(*)
    )::float as named_share,
    avg(quotes.confidence)::float as mean_confidence,
    min(articles.published_on) as first_on,
    max(articles.published_on) as last_on,
from main.quotes
inner join main.articles on quotes.article_id = articles.article_id
left join named_jointly
    on quotes.article_id = named_jointly.article_id and quotes.quote_no = named_jointly.quote_no
group by quotes.rule, quotes.kind;

comment on view mart.rules is 'One row per rule that decided speakers and kind of quote.';
comment on column mart.rules.rule is 'Rule, as in quotes; null for articles that 1.0 extracted.';
comment on column mart.rules.kind is 'direct, mixed, indirect or act.';
comment on column mart.rules.quote_count is 'Number of rows of quotes; acts have rows of their own.';
comment on column mart.rules.named_share is 'Share with an entity as speaker, or as one of joint speakers, from 0 to 1.';
comment on column mart.rules.mean_confidence is 'Mean confidence of the quotes, from 0 to 1.';
comment on column mart.rules.first_on is 'Day of the first article.';
comment on column mart.rules.last_on is 'Day of the last article.';
