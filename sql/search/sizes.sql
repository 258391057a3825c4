-- One row: the number of lists and of words in the index.

select
    (select count(*) from search.postings) as lists,
    (select count(*) from search.words) as words
