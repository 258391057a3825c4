-- Rename tables, a column and recorded values to the names of 2.0. Marts are rebuilt from their files anyway.

alter table ops.uncompared rename to dedup_queue;
alter table ops.touched_days rename to dirty_days;
alter table ops.touched_entities rename to dirty_entities;
alter table search.numbers rename to doc_counter;
alter table ops.near_pairs rename column shared to overlap;

update ops.runs set flow = 'retry-quarantine' where flow = 'replay';
update ops.alerts set rule = 'quarantine_rate' where rule = 'held_back';

-- Comments in plain words, where earlier migrations have others. ops.migrations keeps its own: 0000 sets them each time.

comment on table articles is 'One row per article, in its current version.';
comment on column articles.article_id is 'Stable id, derived from source_path: the same in every run and on every machine.';
comment on column articles.source_path is 'Path of the file relative to the landing folder, with / as separator.';
comment on column articles.version is 'Number of the version, from 1: each changed content of the path is a new one.';
comment on column articles.supertitle is 'Line above the headline; null if there is none.';
comment on column articles.section is 'Section of the newspaper as delivered; null if the header is missing or empty.';
comment on column articles.published_at is 'Date and time from the header, without a time zone.';
comment on column articles.dateline is 'Location at the start of the text (RUSSIA), removed from body; null if there is none.';
comment on column articles.agency is 'Agency that signed the text (AFP), removed from body; null if there is none.';
comment on column articles.body is 'Text as delivered, one line per paragraph, without headline, dateline and agency.';
comment on column articles.word_count is 'Number of words in body.';
comment on column articles.text_sha256 is 'SHA-256 of title and body, ignoring case and white space: equal for the same words.';
comment on column articles.duplicate_of is 'article_id of an earlier article with the same words under another path; null if there is none.';
comment on column articles.cluster_id is 'Cluster of near duplicates: the smallest article_id among them; null if there are none.';
comment on column articles.warnings is 'Ids of the warnings and repairs of the file, sorted; empty if there are none.';
comment on column articles.extractor_version is 'Version of the extraction rules and model that found the mentions and quotes.';
comment on column articles.run_id is 'Run that loaded this version.';
comment on column articles.loaded_at is 'When this version was loaded, in UTC.';

comment on table article_versions is 'One row per replaced version of an article.';
comment on column article_versions.source_path is 'Path of the file relative to the landing folder.';
comment on column article_versions.version is 'Number of the version, from 1.';
comment on column article_versions.supertitle is 'Line above the headline; null if there was none.';
comment on column article_versions.section is 'Section of the newspaper; null if there was none.';
comment on column article_versions.published_at is 'Date and time from the header.';
comment on column article_versions.dateline is 'Location at the start of the text; null if there was none.';
comment on column article_versions.agency is 'Agency that signed the text; null if there was none.';
comment on column article_versions.body is 'Text of this version, one line per paragraph.';
comment on column article_versions.word_count is 'Number of words in body.';
comment on column article_versions.text_sha256 is 'SHA-256 of title and body, ignoring case and white space.';
comment on column article_versions.duplicate_of is 'article_id of an earlier article with the same words; null if there was none.';
comment on column article_versions.cluster_id is 'Cluster of near duplicates; null if there was none.';
comment on column article_versions.warnings is 'Ids of the warnings and repairs of the file, sorted.';
comment on column article_versions.extractor_version is 'Version of the extraction rules and model.';
comment on column article_versions.loaded_at is 'When this version was loaded, in UTC.';
comment on column article_versions.superseded_at is 'When the next version replaced it, in UTC.';

comment on table entities is 'One row per person, organization, place or other entity that articles mention.';
comment on column entities.entity_id is 'Stable id, derived from name and kind: the same in every run and on every machine.';
comment on column entities.name is 'Canonical name: the most frequent full form, or the name given in aliases.csv.';
comment on column entities.aliases is 'All forms of the name in articles, sorted, including name.';
comment on column entities.country_code is 'ISO 3166-1 alpha-2 code of a place or nationality; null for other entities.';
comment on column entities.first_seen_on is 'Day of the first article that mentions it.';
comment on column entities.last_seen_on is 'Day of the last article that mentions it.';
comment on column entities.external_id is 'External id from aliases.csv, such as a Wikidata id; null if none is given.';

comment on table mentions is 'One row per name at one position in an article.';
comment on column mentions.mention_no is 'Number within the article, from 0, in reading order.';
comment on column mentions.entity_id is 'Entity that the name refers to.';
comment on column mentions.field is 'Field that the offsets refer to: title or body.';
comment on column mentions.char_start is 'Offset of the first character, from 0, in Unicode code points.';
comment on column mentions.char_end is 'Offset after the last character.';
comment on column mentions.text is 'The name as written at this position.';
comment on column mentions.name is 'Fullest form of the name in this article.';

comment on table quotes is 'One row per passage attributed to a speaker.';
comment on column quotes.utterance_no is 'Number of the utterance, shared by the pieces of one split or continued quotation.';
comment on column quotes.kind is 'direct (in quotation marks), mixed (partly in quotation marks) or indirect (reported).';
comment on column quotes.text is 'The words, without quotation marks.';
comment on column quotes.char_start is 'Offset of the first character in body, from 0, in Unicode code points.';
comment on column quotes.char_end is 'Offset after the last character.';
comment on column quotes.cue is 'Verb or phrase that attributes the words (said, according to); null if there is none.';
comment on column quotes.cue_start is 'Offset of the first character of the cue in body.';
comment on column quotes.cue_end is 'Offset after the last character of the cue.';
comment on column quotes.speaker_text is 'Speaker phrase at this quote (he, the mayor); null if there is none.';
comment on column quotes.speaker_start is 'Offset of the first character of speaker_text in body.';
comment on column quotes.speaker_end is 'Offset after the last character of speaker_text.';
comment on column quotes.speaker_entity_id is 'Entity of the speaker; null for an unnamed source and if unresolved.';
comment on column quotes.speaker is 'Resolved speaker (John Kerry), or the phrase for an unnamed source (officials); null if unresolved.';
comment on column quotes.confidence is 'Confidence in the speaker, from 0 to 1.';
comment on column quotes.speaker_name is 'Speaker as named in this article, before aliases are applied.';

comment on table ops.runs is 'One row per flow run, including failed ones.';
comment on column ops.runs.run_id is 'Id of the run; ids sort by time.';
comment on column ops.runs.flow is 'Name of the flow, such as ingest.';
comment on column ops.runs.landing is 'Landing location as given; null for flows without one.';
comment on column ops.runs.started_at is 'When the run began, in UTC.';
comment on column ops.runs.ended_at is 'When the run ended, in UTC; null while it runs and if it was killed.';
comment on column ops.runs.state is 'running, completed, failed or crashed (killed; recorded by a later run).';
comment on column ops.runs.landed_count is 'Files found: loaded + unchanged + duplicate + quarantined.';
comment on column ops.runs.loaded_count is 'Files loaded as a new article or a new version.';
comment on column ops.runs.unchanged_count is 'Files that were already in the ledger with the same content.';
comment on column ops.runs.duplicate_count is 'Files with the same bytes as an article under another path.';
comment on column ops.runs.quarantined_count is 'Files quarantined.';
comment on column ops.runs.postponed_count is 'Files that vanished or changed while they were read; the next run retries them.';
comment on column ops.runs.message is 'Error message of a failed run.';
comment on column ops.runs.extractor_version is 'Version of the extraction rules and model; null if nothing was extracted.';
comment on column ops.runs.prefect_flow_run_id is 'Id of the Prefect flow run; null without Prefect.';

comment on table ops.deliveries is 'The ledger: one row per path and content that was delivered.';
comment on column ops.deliveries.delivery_id is 'Stable id, derived from source_path and content_sha256.';
comment on column ops.deliveries.source_path is 'Path of the file relative to the landing folder.';
comment on column ops.deliveries.content_sha256 is 'SHA-256 of the bytes; null if the file could not be read.';
comment on column ops.deliveries.bytes is 'Size of the file in bytes.';
comment on column ops.deliveries.modified_ns is 'Modification time in ns since 1970; null if the next run must read the file again.';
comment on column ops.deliveries.status is 'loaded, duplicate, quarantined or superseded (a later content of the path was loaded).';
comment on column ops.deliveries.article_id is 'Article that it was loaded as or duplicates; null in quarantine.';
comment on column ops.deliveries.run_id is 'Run that last processed it.';
comment on column ops.deliveries.seen_at is 'When it was last processed, in UTC.';

comment on table ops.quarantine is 'One row per quarantined delivery and failed rule.';
comment on column ops.quarantine.source_path is 'Path of the file relative to the landing folder.';
comment on column ops.quarantine.column_name is 'Column that the rule checked; null for the whole file.';
comment on column ops.quarantine.value is 'The invalid value, truncated.';
comment on column ops.quarantine.message is 'What is wrong and how to fix it.';
comment on column ops.quarantine.run_id is 'Run that quarantined it.';
comment on column ops.quarantine.quarantined_at is 'When it was quarantined, in UTC.';
comment on column ops.quarantine.released_at is 'When the row was released by a newer delivery or a retry, in UTC; null if it still applies.';

comment on table ops.warehouse is 'One row: the state of the warehouse.';
comment on column ops.warehouse.change_no is 'Number of transactions that changed a table; if the published file has another one, it is outdated.';

comment on table ops.aliases is 'One row per line of aliases.csv, as last applied.';
comment on column ops.aliases.alias is 'Name used in articles, case-folded.';
comment on column ops.aliases.name is 'Name of the entity that it refers to.';
comment on column ops.aliases.kind is 'Kind of the entity; null to keep the kind found in articles.';
comment on column ops.aliases.external_id is 'External id of the entity, such as a Wikidata id; null if none is given.';

comment on table ops.near_pairs is 'One row per pair of near duplicates, the smaller article_id first.';
comment on column ops.near_pairs.article_id is 'The first article.';
comment on column ops.near_pairs.other_id is 'The second article.';
comment on column ops.near_pairs.overlap is 'Share of the shorter text''s word sequences that are in the other one too, from 0 to 1.';
comment on table ops.near_bands is 'One row per compared article: hashes for finding near duplicates.';
comment on column ops.near_bands.bands is 'Hashes of the bands of its MinHash signature; near duplicates usually share one. Empty if the text is too short.';
comment on table ops.dedup_queue is 'One row per article that is still to be compared with those of nearby days.';

comment on table ops.alerts is 'One row per alert, from when it was raised until it is resolved.';
comment on column ops.alerts.alert_id is 'Stable id, derived from rule, subject and raised_at.';
comment on column ops.alerts.rule is 'Rule that raised it: the name of a file in sql/alerts, without .sql.';
comment on column ops.alerts.subject is 'What the alert is about: a section, an agency, a flow or a check.';
comment on column ops.alerts.message is 'What is wrong and what to do, as of last_seen_at.';
comment on column ops.alerts.value is 'The measured value as of last_seen_at; null if nothing is measured.';
comment on column ops.alerts.threshold is 'The limit for the value; null if nothing is measured.';
comment on column ops.alerts.raised_at is 'When it was raised, in UTC.';
comment on column ops.alerts.last_seen_at is 'When the rule last found it, in UTC; in the published file, as of its last change.';
comment on column ops.alerts.resolved_at is 'When it was resolved, in UTC; null while it is open.';
comment on column ops.alerts.sent_at is 'When it was handed to Prefect for sending, in UTC; null if no Prefect server was running.';

comment on table ops.dirty_days is 'One row per change to the articles of a day since the marts were built; days may repeat.';
comment on table ops.dirty_entities is 'One row per change to the mentions or quotes of an entity since the marts were built; entities may repeat.';
comment on column ops.dirty_entities.entity_id is 'The entity; it may be deleted by now.';
comment on table ops.marts is 'One row per SQL file of marts, macros and checks, as last applied.';
comment on column ops.marts.name is 'Folder and name of the file in sql, without .sql.';
comment on column ops.marts.sha256 is 'SHA-256 of the file: the marts are rebuilt when it changes.';
comment on column ops.marts.built_at is 'When it was last applied, in UTC.';

comment on table search.articles is 'One row per indexed article.';
comment on column search.articles.doc_no is 'Short number of this version of the article in search.postings.';
comment on column search.articles.version is 'The indexed version.';
comment on column search.articles.word_count is 'Number of indexed words in title and body.';
comment on table search.words is 'One row per word in the articles, in lower case without accents.';
comment on column search.words.stem is 'Stem of the word (talk for talks and talking); the word itself if it has none.';
comment on table search.postings is 'One row per stem and batch of articles: the articles that contain it.';
comment on column search.postings.doc_nos is 'doc_no of each article that contains it, ascending.';
comment on column search.postings.counts is 'Number of occurrences in each of these articles.';
comment on table search.doc_counter is 'One row: the counter for doc_no in search.articles.';
comment on column search.doc_counter.last_doc_no is 'Last doc_no used. None is reused, because search.postings keeps those of replaced versions.';
