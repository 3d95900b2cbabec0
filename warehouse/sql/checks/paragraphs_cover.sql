-- fail by part: a document has a character that is no white space and stands in no paragraph, or in two (texts of over 200,000 characters that needed cleaning are left out)
with sized as (
    select
        d.document_id, d.text, length(d.text) <= 200000 as is_small,
        bool_or(len(p.cleaners) > 0) as is_cleaned
    from documents d
    left join paragraphs p using (document_id)
    group by d.document_id, d.text
),
own as (
    select
        p.document_id,
        string_agg(regexp_replace(
            case when s.is_small
                then substring(s.text, p.document_start_char + 1, p.document_end_char - p.document_start_char)
                else p.text
            end, '[\s\pZ\x{0b}\x{1c}-\x{1f}\x{85}]+', '', 'g'), '' order by p.document_start_char) as words
    from paragraphs p
    join sized s using (document_id)
    group by p.document_id
)
select s.document_id
from sized s
left join own using (document_id)
where (s.is_small or not s.is_cleaned)
  and regexp_replace(s.text, '[\s\pZ\x{0b}\x{1c}-\x{1f}\x{85}]+', '', 'g') is distinct from own.words
