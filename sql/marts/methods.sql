-- One row per way in which articles were read and extracted.

create or replace view mart.methods as
with used as (
    -- A run that was killed has not noted its extractor; its articles have.
    select
        coalesce(runs.extractor_version, articles.extractor_version) as extractor_version,
        runs.confidence_sha256,
        runs.run_id,
    from ops.runs
    left join main.articles on runs.run_id = articles.run_id
    where runs.confidence_sha256 is not null
),

confidences as (
    select
        extractor_version,
        max_by(confidence_sha256, run_id) as confidence_sha256,
    from used
    where extractor_version is not null
    group by extractor_version
),

counted as (
    select
        articles.extractor_version,
        runs.version as read_by,
        runs.settings,
        count(*) as article_count,
        min(articles.published_on) as first_on,
        max(articles.published_on) as last_on,
    from main.articles
    left join ops.runs on articles.run_id = runs.run_id
    group by articles.extractor_version, runs.version, runs.settings
)

select
    regexp_extract(counted.extractor_version, '^([^+]*)[+]', 1) as rules_version,
    -- A model can be a folder: its name is enough.
    regexp_extract(counted.extractor_version, '^[^+]*[+](?:.*/)?(.*)-[^-]*$', 1) as model,
    regexp_extract(counted.extractor_version, '-([^-]*)$', 1) as model_version,
    confidences.confidence_sha256,
    counted.read_by,
    counted.settings,
    counted.article_count,
    counted.first_on,
    counted.last_on,
    counted.extractor_version,
from counted
left join confidences on counted.extractor_version = confidences.extractor_version;

comment on view mart.methods is 'One row per way in which articles were read and extracted.';
comment on column mart.methods.rules_version is 'Version of the extraction rules that found names and quotes.';
comment on column mart.methods.model is 'spaCy model that they used.';
comment on column mart.methods.model_version is 'Version of the model.';
comment on column mart.methods.confidence_sha256 is 'SHA-256 of the table from which confidences were read; null if only 1.0 used these rules.';
comment on column mart.methods.read_by is 'Version of On the Record that loaded the articles; they may have been extracted again since.';
comment on column mart.methods.settings is 'Settings of the runs that loaded them, as in ops.runs; null for runs of 1.0.';
comment on column mart.methods.article_count is 'Number of articles.';
comment on column mart.methods.first_on is 'Day of the first article.';
comment on column mart.methods.last_on is 'Day of the last article.';
comment on column mart.methods.extractor_version is 'Rules and model in one, as in articles.';
