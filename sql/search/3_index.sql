-- Add the slice to the index. Words with the same stem are one entry.

insert into search.words
with new as (
    select distinct counted.word
    from counted
    anti join search.words on counted.word = words.word
)

select
    word,
    stem_of(word) as stem,
from new;

insert into search.postings
with by_stem as (
    select
        words.stem,
        counted.doc_no,
        sum(counted.times) as times,
    from counted
    inner join search.words on counted.word = words.word
    group by words.stem, counted.doc_no
)

select
    stem,
    list(doc_no order by doc_no) as doc_nos,
    list(least(times, 65535)::usmallint order by doc_no) as counts,
from by_stem
group by stem
order by stem;

insert into search.articles
select
    slice.doc_no,
    slice.article_id,
    slice.version,
    coalesce(sum(counted.times), 0) as word_count,
from slice
left join counted on slice.doc_no = counted.doc_no
group by slice.doc_no, slice.article_id, slice.version;

update search.doc_counter
set last_doc_no = last_doc_no + (select count(*) from slice);

drop table counted;
drop table slice;
