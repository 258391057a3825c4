-- A pattern of all words with the stems of these: from pattern_of('peace talks').
-- search.words has only letters and digits, so they need no escaping.

create or replace macro pattern_of(words) as table
    select
        '(?i)\b('
        || string_agg(known.word, '|' order by length(known.word) desc, known.word)
        || ')\b' as pattern,
    from search.words as known
    where known.stem in (
        select stem
        from stems_of(words)
    );

comment on macro table pattern_of is 'One row: a pattern of all indexed words with the stems of these; null if there are none. words: one or more words.';
