-- Merge the lists of each stem into one.

create or replace temp table compacted as
select
    stem,
    flatten(list(doc_nos order by doc_nos[1])) as doc_nos,
    flatten(list(counts order by doc_nos[1])) as counts,
from search.postings
group by stem
order by stem;

delete from search.postings;
insert into search.postings select * from compacted;
drop table compacted;
