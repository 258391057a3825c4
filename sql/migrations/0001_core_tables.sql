-- The tables that the pipeline fills. Analysts' tables are in main, the pipeline's own in ops.

create schema if not exists ops;
create schema if not exists mart;

create table articles (
    article_id bigint primary key,
    source_path varchar not null,
    version integer not null,
    title varchar not null,
    supertitle varchar,
    section varchar,
    published_at timestamp not null,
    published_on date not null,
    dateline varchar,
    agency varchar,
    body varchar not null,
    word_count integer not null,
    content_sha256 varchar not null,
    text_sha256 varchar not null,
    duplicate_of bigint,
    cluster_id bigint,
    warnings varchar[] not null,
    extractor_version varchar not null,
    run_id varchar not null,
    loaded_at timestamp not null
);
comment on table articles is 'One row per article, its current version.';
comment on column articles.article_id is 'Stable id: the same source_path gives the same id in every run and on every machine.';
comment on column articles.source_path is 'Path of the file below the landing folder, with / between folders.';
comment on column articles.version is 'How many contents this path has had, counted from 1.';
comment on column articles.title is 'Headline.';
comment on column articles.supertitle is 'Line above the headline; null where there is none.';
comment on column articles.section is 'Section of the paper as delivered; null where the header is missing or empty.';
comment on column articles.published_at is 'Date and time of the header, as written there, without a time zone.';
comment on column articles.published_on is 'Day of published_at.';
comment on column articles.dateline is 'Place that opens the text (RUSSIA), taken off the body; null where there is none.';
comment on column articles.agency is 'Agency that signs the text (AFP), taken off the body; null where there is none.';
comment on column articles.body is 'Text as delivered, a paragraph a line, without headline, dateline and signature.';
comment on column articles.word_count is 'Words in body.';
comment on column articles.content_sha256 is 'SHA-256 of the file''s bytes, in hexadecimal.';
comment on column articles.text_sha256 is 'SHA-256 of title and body without case and white space: equal for the same words.';
comment on column articles.duplicate_of is 'article_id of an earlier article with the same words under another path; null for the first.';
comment on column articles.cluster_id is 'Shared by near duplicates; null where none was looked for.';
comment on column articles.warnings is 'Ids of the rules that the file broke or was mended for, sorted; empty for a clean one.';
comment on column articles.extractor_version is 'Rules and model that found this version''s names and quotes.';
comment on column articles.run_id is 'Run that loaded this version.';
comment on column articles.loaded_at is 'When this version was loaded, UTC.';

create table article_versions (
    article_id bigint not null,
    source_path varchar not null,
    version integer not null,
    title varchar not null,
    supertitle varchar,
    section varchar,
    published_at timestamp not null,
    published_on date not null,
    dateline varchar,
    agency varchar,
    body varchar not null,
    word_count integer not null,
    content_sha256 varchar not null,
    text_sha256 varchar not null,
    duplicate_of bigint,
    cluster_id bigint,
    warnings varchar[] not null,
    extractor_version varchar not null,
    run_id varchar not null,
    loaded_at timestamp not null,
    superseded_at timestamp not null
);
comment on table article_versions is 'One row per content that an article had before its current one.';
comment on column article_versions.article_id is 'The article.';
comment on column article_versions.source_path is 'Path of the file below the landing folder.';
comment on column article_versions.version is 'Which content of the article, counted from 1.';
comment on column article_versions.title is 'Headline.';
comment on column article_versions.supertitle is 'Line above the headline; null where there is none.';
comment on column article_versions.section is 'Section of the paper; null where there was none.';
comment on column article_versions.published_at is 'Date and time of the header.';
comment on column article_versions.published_on is 'Day of published_at.';
comment on column article_versions.dateline is 'Place that opens the text; null where there is none.';
comment on column article_versions.agency is 'Agency that signs the text; null where there is none.';
comment on column article_versions.body is 'Text of this version, a paragraph a line.';
comment on column article_versions.word_count is 'Words in body.';
comment on column article_versions.content_sha256 is 'SHA-256 of the file''s bytes, in hexadecimal.';
comment on column article_versions.text_sha256 is 'SHA-256 of title and body without case and white space.';
comment on column article_versions.duplicate_of is 'article_id of an earlier article with the same words; null for the first.';
comment on column article_versions.cluster_id is 'Shared by near duplicates; null where none was looked for.';
comment on column article_versions.warnings is 'Ids of the rules that the file broke or was mended for.';
comment on column article_versions.extractor_version is 'Rules and model that found this version''s names and quotes.';
comment on column article_versions.run_id is 'Run that loaded this version.';
comment on column article_versions.loaded_at is 'When this version was loaded, UTC.';
comment on column article_versions.superseded_at is 'When the next version took its place, UTC.';

create table entities (
    entity_id bigint primary key,
    name varchar not null,
    kind varchar not null,
    aliases varchar[] not null,
    country_code varchar,
    first_seen_on date not null,
    last_seen_on date not null
);
comment on table entities is 'One row per person, organization, place or other thing that articles name.';
comment on column entities.entity_id is 'Stable id: the same name and kind give the same id in every run and on every machine.';
comment on column entities.name is 'Fullest good form of the name.';
comment on column entities.kind is 'person, organization, place, group, event or other.';
comment on column entities.aliases is 'Forms that articles use for it, sorted, the name itself among them.';
comment on column entities.country_code is 'ISO 3166-1 alpha-2 code of a place or nationality; null for others.';
comment on column entities.first_seen_on is 'First day of an article that names it.';
comment on column entities.last_seen_on is 'Last day of an article that names it.';

create table mentions (
    article_id bigint not null,
    mention_no integer not null,
    entity_id bigint not null,
    field varchar not null,
    char_start integer not null,
    char_end integer not null,
    text varchar not null,
    kind varchar not null,
    name varchar not null
);
comment on table mentions is 'One row per name at one place of an article.';
comment on column mentions.article_id is 'The article.';
comment on column mentions.mention_no is 'Number within the article, from 0, in reading order.';
comment on column mentions.entity_id is 'Whom or what the name means.';
comment on column mentions.field is 'title or body: where the offsets point.';
comment on column mentions.char_start is 'First character, counted from 0 in Unicode code points.';
comment on column mentions.char_end is 'Character behind the last one.';
comment on column mentions.text is 'The name as it stands there.';
comment on column mentions.kind is 'person, organization, place, group, event or other.';
comment on column mentions.name is 'Fullest form that this article gives of the same name.';

create table quotes (
    article_id bigint not null,
    quote_no integer not null,
    utterance_no integer not null,
    kind varchar not null,
    text varchar not null,
    char_start integer not null,
    char_end integer not null,
    cue varchar,
    cue_start integer,
    cue_end integer,
    speaker_text varchar,
    speaker_start integer,
    speaker_end integer,
    speaker_entity_id bigint,
    speaker varchar,
    confidence float not null
);
comment on table quotes is 'One row per stretch of words given to a speaker.';
comment on column quotes.article_id is 'The article.';
comment on column quotes.quote_no is 'Number within the article, from 0, in reading order.';
comment on column quotes.utterance_no is 'Shared by the pieces of one split or continued quotation.';
comment on column quotes.kind is 'direct (words in quotation marks), mixed (part in marks) or indirect (reported).';
comment on column quotes.text is 'The words, without quotation marks.';
comment on column quotes.char_start is 'First character in body, counted from 0 in Unicode code points.';
comment on column quotes.char_end is 'Character behind the last one.';
comment on column quotes.cue is 'Verb or phrase that gives the words to the speaker (said, according to); null without one.';
comment on column quotes.cue_start is 'First character of the cue in body.';
comment on column quotes.cue_end is 'Character behind the last one of the cue.';
comment on column quotes.speaker_text is 'The speaker as the text has it at this quote (he); null where it names none.';
comment on column quotes.speaker_start is 'First character of speaker_text in body.';
comment on column quotes.speaker_end is 'Character behind the last one of speaker_text.';
comment on column quotes.speaker_entity_id is 'The speaker''s entity; null for a source without a name and where nobody was found.';
comment on column quotes.speaker is 'Whom speaker_text means (John Kerry), or the words for a source without a name (officials).';
comment on column quotes.confidence is 'How sure the speaker is, from 0 to 1.';

create table ops.runs (
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
    prefect_flow_run_id varchar
);
comment on table ops.runs is 'One row per flow run, failed ones too.';
comment on column ops.runs.run_id is 'Id of the run; later runs sort behind earlier ones.';
comment on column ops.runs.flow is 'ingest, or another flow''s name.';
comment on column ops.runs.landing is 'Landing folder as it was named.';
comment on column ops.runs.started_at is 'When the run began, UTC.';
comment on column ops.runs.ended_at is 'When it ended, UTC; null while it runs and where it was killed.';
comment on column ops.runs.state is 'running, completed, failed or crashed (killed, and found so by a later run).';
comment on column ops.runs.landed_count is 'Files found: loaded + unchanged + duplicate + quarantined.';
comment on column ops.runs.loaded_count is 'Files loaded as a new article or a new version.';
comment on column ops.runs.unchanged_count is 'Files that the ledger knew as they are.';
comment on column ops.runs.duplicate_count is 'Files with the same bytes as a loaded one under another path.';
comment on column ops.runs.quarantined_count is 'Files held back.';
comment on column ops.runs.postponed_count is 'Files that vanished or changed while they were read; the next run looks again.';
comment on column ops.runs.mention_count is 'Rows written to mentions.';
comment on column ops.runs.quote_count is 'Rows written to quotes.';
comment on column ops.runs.message is 'What went wrong, in a failed run.';
comment on column ops.runs.extractor_version is 'Rules and model the run extracted with; null where nothing was extracted.';
comment on column ops.runs.version is 'Version of On the Record.';
comment on column ops.runs.prefect_flow_run_id is 'Id of the Prefect flow run; null for a run without Prefect.';

create table ops.deliveries (
    delivery_id bigint not null,
    source_path varchar not null,
    content_sha256 varchar,
    bytes bigint not null,
    modified_ns bigint,
    status varchar not null,
    is_current boolean not null,
    article_id bigint,
    run_id varchar not null,
    seen_at timestamp not null
);
comment on table ops.deliveries is 'One row per landed file with one content: the ledger.';
comment on column ops.deliveries.delivery_id is 'Stable id, made of source_path and content_sha256.';
comment on column ops.deliveries.source_path is 'Path of the file below the landing folder.';
comment on column ops.deliveries.content_sha256 is 'SHA-256 of the bytes; null where the file could not be read.';
comment on column ops.deliveries.bytes is 'Size of the file.';
comment on column ops.deliveries.modified_ns is 'The file''s time, ns since 1970; null where the next run is to read it again.';
comment on column ops.deliveries.status is 'loaded, duplicate, quarantined or superseded (a later content of the path was loaded).';
comment on column ops.deliveries.is_current is 'True for the newest delivery of a path.';
comment on column ops.deliveries.article_id is 'Article it was loaded as, or is a duplicate of; null in quarantine.';
comment on column ops.deliveries.run_id is 'Run that last decided on it.';
comment on column ops.deliveries.seen_at is 'When that was, UTC.';

create table ops.quarantine (
    delivery_id bigint not null,
    source_path varchar not null,
    rule varchar not null,
    column_name varchar,
    value varchar,
    message varchar not null,
    run_id varchar not null,
    quarantined_at timestamp not null,
    released_at timestamp
);
comment on table ops.quarantine is 'One row per delivery held back and rule it failed.';
comment on column ops.quarantine.delivery_id is 'The delivery.';
comment on column ops.quarantine.source_path is 'Path of the file below the landing folder.';
comment on column ops.quarantine.rule is 'Id of the rule.';
comment on column ops.quarantine.column_name is 'What the rule looked at; null where it is the whole file.';
comment on column ops.quarantine.value is 'What stood there, cut to a readable length.';
comment on column ops.quarantine.message is 'What is wrong and how to mend it.';
comment on column ops.quarantine.run_id is 'Run that held it back.';
comment on column ops.quarantine.quarantined_at is 'When, UTC.';
comment on column ops.quarantine.released_at is 'When a good delivery of the same path was loaded, UTC; null until then.';

create table ops.warehouse (
    change_no bigint not null
);
comment on table ops.warehouse is 'One row: the state of this file.';
comment on column ops.warehouse.change_no is 'Counts transactions that changed a table; publish compares it with the published file''s.';
insert into ops.warehouse values (0);
