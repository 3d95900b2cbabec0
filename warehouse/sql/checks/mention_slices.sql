-- fail: a mention's words are not at its offsets
select m.mention_id, m.surface, m.start_char, m.document_start_char
from mentions m
join articles a using (article_id)
join documents d on d.document_id = m.document_id
where (m.start_char is not null and substring(a.text, m.start_char + 1, m.end_char - m.start_char) <> m.surface)
   or substring(d.text, m.document_start_char + 1, m.document_end_char - m.document_start_char) <> m.document_surface
