-- fail by part: a mention's words are not at its offsets (in texts of over 200,000 characters: 200 of them)
with sized as (
    select document_id, length(text) as characters from documents
),
asked as (
    select m.*
    from mentions m
    join sized using (document_id)
    qualify characters <= 200000 or row_number() over (partition by document_id order by mention_id) <= 200
)
select m.mention_id, m.surface, m.start_char, m.document_start_char
from asked m
join articles a using (article_id)
join documents d on d.document_id = m.document_id
where (m.start_char is not null and substring(a.text, m.start_char + 1, m.end_char - m.start_char) <> m.surface)
   or substring(d.text, m.document_start_char + 1, m.document_end_char - m.document_start_char) <> m.document_surface
