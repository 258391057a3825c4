-- The article paths most similar to an unknown one; the same file name in another folder first.

select source_path
from articles
order by
    parse_filename(source_path, false, 'forward_slash')
    = parse_filename($source_path, false, 'forward_slash') desc,
    contains(lower(source_path), lower($source_path)) desc,
    jaro_winkler_similarity(lower(source_path), lower($source_path)) desc,
    source_path
limit 3;
