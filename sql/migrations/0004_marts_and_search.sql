-- Marts are built again for what a run touched only, and articles are indexed for search as they come.

create table ops.touched_days (
    published_on date not null
);
comment on table ops.touched_days is 'One row per day whose articles changed since the marts were built; days may repeat.';
comment on column ops.touched_days.published_on is 'Day of publication.';

create table ops.touched_entities (
    entity_id bigint not null
);
comment on table ops.touched_entities is 'One row per entity whose mentions or quotes changed since the marts were built; entities may repeat.';
comment on column ops.touched_entities.entity_id is 'The entity, which may be gone by now.';

create table ops.marts (
    name varchar not null,
    sha256 varchar not null,
    built_at timestamp not null
);
comment on table ops.marts is 'One row per mart, as it was last built.';
comment on column ops.marts.name is 'Name of the table or view in schema mart.';
comment on column ops.marts.sha256 is 'SHA-256 of its SQL file: another file builds the mart anew.';
comment on column ops.marts.built_at is 'When, UTC.';

create schema if not exists search;

-- Numbers are never used again: those of replaced versions stay in the lists of search.postings.
create sequence search.doc_nos;

create table search.articles (
    doc_no uinteger not null,
    article_id bigint not null,
    version integer not null,
    word_count uinteger not null
);
comment on table search.articles is 'One row per article that is indexed for search.';
comment on column search.articles.doc_no is 'Short number of this version of the article in search.postings.';
comment on column search.articles.article_id is 'The article.';
comment on column search.articles.version is 'The version that is indexed.';
comment on column search.articles.word_count is 'Words of title and body, as they are indexed.';

create table search.words (
    word varchar not null,
    stem varchar not null
);
comment on table search.words is 'One row per word of the articles, in small letters without accents.';
comment on column search.words.word is 'The word.';
comment on column search.words.stem is 'What words of one stem share (talk for talks and talking); the word itself where none was found.';

create table search.postings (
    stem varchar not null,
    doc_nos uinteger[] not null,
    counts usmallint[] not null
);
comment on table search.postings is 'One row per stem and batch of articles: where the words of that stem stand.';
comment on column search.postings.stem is 'The stem, as in search.words.';
comment on column search.postings.doc_nos is 'Articles that hold it, as in search.articles, ascending.';
comment on column search.postings.counts is 'How often it stands in each of them.';
