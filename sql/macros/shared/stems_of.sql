-- Stems of the words in the search index: from stems_of('peace talks').

create or replace macro stems_of(words) as table
    with given as (
        select distinct unnest(regexp_extract_all(lower(strip_accents(words)), '[\p{L}\p{N}]+')) as word
    )

    select distinct coalesce(known.stem, given.word) as stem
    from given
    left join search.words as known on given.word = known.word;

comment on macro table stems_of is 'Stems of the words in the search index; an unknown word is its own stem. words: one or more words.';
