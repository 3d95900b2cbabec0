-- fail: a paragraph's words are not at its offsets in the article, or its document slice differs by more than cleaning
select p.paragraph_id, p.text
from paragraphs p
join articles a using (article_id)
join documents d on d.document_id = p.document_id
where (p.start_char is not null and substring(a.text, p.start_char + 1, p.end_char - p.start_char) <> p.text)
   or (len(p.cleaners) = 0
       and substring(d.text, p.document_start_char + 1, p.document_end_char - p.document_start_char) <> p.text)
