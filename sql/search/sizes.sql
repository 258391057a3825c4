-- One row: how many lists the index has, and how many words.

select
    (select count(*) from search.postings) as lists,
    (select count(*) from search.words) as words
