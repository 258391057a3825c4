-- The words around the first match of a pattern, matches marked: select marked_snippet('Peace at last', '(?i)\b(peace)\b').

create or replace macro marked_snippet(body, pattern) as
regexp_replace(
    replace(
        coalesce(
            nullif(regexp_extract(body, '(\S+\s+){0,8}\S*' || pattern || '\S*(\s+\S+){0,12}'), ''),
            left(body, 100)
        ),
        chr(10),
        ' '
    ),
    pattern,
    '**\1**',
    'g'
);

comment on macro marked_snippet is 'The words around the first match of a pattern in a text, with ** around matches; the start of the text if nothing matches. body: the text; pattern: a regular expression with one group, as from pattern_of.';
