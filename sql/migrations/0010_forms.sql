-- Articles say their outlet, URL, authors and other headers, and from which form of file they come. A file may have many
-- articles: each has a delivery of its own, and so has each that is quarantined.

alter table articles add column outlet varchar;
alter table articles add column url varchar;
alter table articles add column authors varchar[];
alter table articles add column byline varchar;
alter table articles add column language varchar;
alter table articles add column headers map (varchar, varchar);
alter table articles add column form varchar;
alter table articles add column article_key varchar;
alter table articles add column published_at_utc timestamp;
comment on column articles.source_path is 'Path of the file relative to the landing folder, with / as separator; file#key for an article of a file with many, and for another story under the path of an earlier one.';
comment on column articles.version is 'Number of the version, from 1: each changed content of the article is a new one.';
comment on column articles.content_sha256 is 'SHA-256 of the file''s bytes, in hexadecimal; in a file with many articles, of the article''s own headers and text.';
comment on column articles.outlet is 'Newspaper, agency or site that published it, as delivered; null if neither the file nor the settings name one.';
comment on column articles.url is 'URL as delivered; null if there is none.';
comment on column articles.authors is 'Names of the authors, in order; empty if none is given, null if loaded before 2.0.';
comment on column articles.byline is 'Byline as delivered (By Ida Brandt in Marsalin); null if there is none.';
comment on column articles.language is 'Language as a two-letter code: as delivered, else told from the text; null if it cannot be told, or if loaded before 2.0.';
comment on column articles.headers is 'All other headers, by name, as delivered; empty if there are none, null if loaded before 2.0.';
comment on column articles.form is 'Form of the file (headed-text, table, html); null if loaded before 2.0.';
comment on column articles.published_at_utc is 'The moment of published_at in UTC; null where no time zone is known, or if loaded before 2.0.';
comment on column articles.article_key is 'What tells the article from others under the path of its file: a URL or id, else date and headline; null for the only one.';

alter table article_versions add column outlet varchar;
alter table article_versions add column url varchar;
alter table article_versions add column authors varchar[];
alter table article_versions add column byline varchar;
alter table article_versions add column language varchar;
alter table article_versions add column headers map (varchar, varchar);
alter table article_versions add column form varchar;
alter table article_versions add column article_key varchar;
alter table article_versions add column published_at_utc timestamp;
comment on column article_versions.source_path is 'Path as in articles.';
comment on column article_versions.content_sha256 is 'SHA-256 of the content, in hexadecimal, as in articles.';
comment on column article_versions.outlet is 'Outlet of this version; null if there was none.';
comment on column article_versions.url is 'URL of this version; null if there was none.';
comment on column article_versions.authors is 'Names of the authors of this version, in order; null if loaded before 2.0.';
comment on column article_versions.byline is 'Byline of this version; null if there was none.';
comment on column article_versions.language is 'Language of this version; null if it could not be told.';
comment on column article_versions.headers is 'All other headers of this version; null if loaded before 2.0.';
comment on column article_versions.form is 'Form of the file; null if loaded before 2.0.';
comment on column article_versions.article_key is 'Key as in articles.';
comment on column article_versions.published_at_utc is 'The same moment in UTC; null where no time zone is known.';

alter table ops.deliveries add column file_path varchar;
alter table ops.deliveries add column article_key varchar;
alter table ops.deliveries add column row_no bigint;
comment on table ops.deliveries is 'The ledger: one row per path and content that was delivered, for files and for the articles of files with many.';
comment on column ops.deliveries.source_path is 'Path of the file relative to the landing folder; file#key for an article of a file with many.';
comment on column ops.deliveries.content_sha256 is 'SHA-256 of the bytes, or of the article''s headers and text; null if it could not be read.';
comment on column ops.deliveries.bytes is 'Size in bytes.';
comment on column ops.deliveries.status is 'loaded, duplicate, quarantined, superseded (a later content of the article was loaded), split (a file with many articles, which have rows of their own) or withdrawn (was quarantined, and is missing in the next delivery of its file).';
comment on column ops.deliveries.file_path is 'Path of the file with many articles that contains it; null for a file.';
comment on column ops.deliveries.article_key is 'Key of the article in its file; null for a file.';
comment on column ops.deliveries.row_no is 'Number of the article in its file, from 1, in the delivery that was last processed; null for a file.';

alter table ops.quarantine add column file_path varchar;
alter table ops.quarantine add column article_key varchar;
alter table ops.quarantine add column row_no bigint;
comment on column ops.quarantine.source_path is 'Path of the file relative to the landing folder; file#key for an article of a file with many.';
comment on column ops.quarantine.file_path is 'Path of the file with many articles that contains it; null for a file.';
comment on column ops.quarantine.article_key is 'Key of the article in its file; null for a file.';
comment on column ops.quarantine.row_no is 'Number of the article in its file, from 1; null for a file.';

-- runs was updated by number 7, so it is recreated.
create temp table earlier_runs as select * from ops.runs order by rowid;

create or replace table ops.runs (
    run_id varchar primary key,
    flow varchar not null,
    landing varchar,
    started_at timestamp not null,
    ended_at timestamp,
    state varchar not null,
    landed_count integer,
    loaded_count integer,
    unchanged_count integer,
    duplicate_count integer,
    quarantined_count integer,
    postponed_count integer,
    mention_count integer,
    quote_count integer,
    message varchar,
    extractor_version varchar,
    version varchar not null,
    prefect_flow_run_id varchar,
    article_landed_count integer,
    article_loaded_count integer,
    article_unchanged_count integer,
    article_duplicate_count integer,
    article_quarantined_count integer
);
comment on table ops.runs is 'One row per flow run, including failed ones.';
comment on column ops.runs.run_id is 'Id of the run; ids sort by time.';
comment on column ops.runs.flow is 'Name of the flow, such as ingest.';
comment on column ops.runs.landing is 'Landing location as given; null for flows without one.';
comment on column ops.runs.started_at is 'When the run began, in UTC.';
comment on column ops.runs.ended_at is 'When the run ended, in UTC; null while it runs and if it was killed.';
comment on column ops.runs.state is 'running, completed, failed or crashed (killed; recorded by a later run).';
comment on column ops.runs.landed_count is 'Files found: loaded + unchanged + duplicate + quarantined.';
comment on column ops.runs.loaded_count is 'Files loaded as a new article or a new version, and files with many articles of which at least one was.';
comment on column ops.runs.unchanged_count is 'Files that were already in the ledger with the same content, and files with many articles of which none is new.';
comment on column ops.runs.duplicate_count is 'Files with the same bytes as an article under another path, and files with many articles of which the new ones are duplicates.';
comment on column ops.runs.quarantined_count is 'Files quarantined, and files with many articles of which some are and none was loaded.';
comment on column ops.runs.postponed_count is 'Files that vanished or changed while they were read; the next run retries them.';
comment on column ops.runs.mention_count is 'Rows written to mentions.';
comment on column ops.runs.quote_count is 'Rows written to quotes.';
comment on column ops.runs.message is 'Error message of a failed run.';
comment on column ops.runs.extractor_version is 'Version of the extraction rules and model; null if nothing was extracted.';
comment on column ops.runs.version is 'Version of On the Record.';
comment on column ops.runs.prefect_flow_run_id is 'Id of the Prefect flow run; null without Prefect.';
comment on column ops.runs.article_landed_count is 'Articles in those files with many that were read: loaded + unchanged + duplicate + quarantined; null before 2.0.';
comment on column ops.runs.article_loaded_count is 'Articles of these files loaded as a new article or a new version.';
comment on column ops.runs.article_unchanged_count is 'Articles of these files that were already in the ledger with the same content.';
comment on column ops.runs.article_duplicate_count is 'Articles of these files with the same content as another article.';
comment on column ops.runs.article_quarantined_count is 'Articles of these files that are quarantined.';

insert into ops.runs by name select * from earlier_runs;

drop table earlier_runs;

create table ops.passed_over (
    run_id varchar not null,
    kind varchar not null,
    file_count integer not null,
    example varchar not null
);
comment on table ops.passed_over is 'One row per run and kind of file that it found and did not take.';
comment on column ops.passed_over.run_id is 'The run.';
comment on column ops.passed_over.kind is 'Extension of the files (.docx), link, hidden or temporary, empty folder, special file, or unlistable folder.';
comment on column ops.passed_over.file_count is 'How many there are.';
comment on column ops.passed_over.example is 'Path of the first by name, relative to the landing folder.';
