-- fail: a document has a character that is no white space and stands in no paragraph, or in two
with own as (
    select
        p.document_id,
        string_agg(regexp_replace(substring(d.text, p.document_start_char + 1, p.document_end_char - p.document_start_char),
            '[\s\pZ\x{0b}\x{1c}-\x{1f}\x{85}]+', '', 'g'), '' order by p.document_start_char) as words
    from paragraphs p
    join documents d using (document_id)
    group by p.document_id
)
select d.document_id
from documents d
left join own using (document_id)
where regexp_replace(d.text, '[\s\pZ\x{0b}\x{1c}-\x{1f}\x{85}]+', '', 'g') is distinct from own.words
