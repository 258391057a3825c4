-- Stems of the words, as the search index knows them: from stems_of('peace talks').

create or replace macro stems_of(words) as table
    with asked as (
        select distinct unnest(regexp_extract_all(lower(strip_accents(words)), '[\p{L}\p{N}]+')) as word
    )

    select distinct coalesce(known.stem, asked.word) as stem
    from asked
    left join search.words as known on asked.word = known.word;

comment on macro table stems_of is 'Stems of the words, as the search index knows them; a word that it does not know as it is. words: one word or several.';
