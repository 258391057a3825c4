-- Remove the articles in `forgotten_articles` from the search index, with the earlier versions that its lists still have,
-- and the words that no article has any more.

delete from search.articles where article_id in (select article_id from forgotten_articles);

-- Documents are numbered from 1; those of replaced versions stay in the lists until now.
create or replace temp table forgotten_docs as
with numbered as (
    select unnest(range(1, last_doc_no::bigint + 1)) as doc_no
    from search.doc_counter
)

select numbered.doc_no::uinteger as doc_no
from numbered
anti join search.articles as indexed on numbered.doc_no = indexed.doc_no;

create or replace temp table touched_postings as
select
    stem,
    doc_nos,
    counts,
from search.postings
where list_has_any(doc_nos, (select coalesce(list(doc_no), []) from forgotten_docs));

delete from search.postings
where list_has_any(doc_nos, (select coalesce(list(doc_no), []) from forgotten_docs));

insert into search.postings
with posted as (
    select
        stem,
        doc_nos[1] as first_no,
        unnest(doc_nos) as doc_no,
        unnest(counts) as times,
    from touched_postings
)

select
    posted.stem,
    list(posted.doc_no order by posted.doc_no) as doc_nos,
    list(posted.times order by posted.doc_no) as counts,
from posted
anti join forgotten_docs on posted.doc_no = forgotten_docs.doc_no
group by posted.stem, posted.first_no
order by posted.stem;

delete from search.words
where
    word in (select word from forgotten_words)
    and stem not in (select stem from search.postings);

drop table touched_postings;
drop table forgotten_docs;
