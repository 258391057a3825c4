-- Numbers of search.articles are counted in a table: a lake has no sequences.

create table search.numbers (
    last_doc_no uinteger not null
);
comment on table search.numbers is 'One row: what doc_no in search.articles has come to.';
comment on column search.numbers.last_doc_no is 'The last number given. None is used again: those of replaced versions stay in search.postings.';

insert into search.numbers
select greatest(
    coalesce((select max(doc_no) from search.articles), 0),
    coalesce((select max(list_max(doc_nos)) from search.postings), 0)
);

drop sequence search.doc_nos;
