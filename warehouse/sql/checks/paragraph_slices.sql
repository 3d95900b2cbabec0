-- fail by part: a paragraph's words are not at its offsets in the article, or its document slice differs by more than cleaning (in texts of over 200,000 characters: 200 of them)
with sized as (
    select document_id, length(text) as characters from documents
),
asked as (
    select p.*
    from paragraphs p
    join sized using (document_id)
    qualify characters <= 200000 or row_number() over (partition by document_id order by paragraph_id) <= 200
)
select p.paragraph_id, p.text
from asked p
join articles a using (article_id)
join documents d on d.document_id = p.document_id
where (p.start_char is not null and substring(a.text, p.start_char + 1, p.end_char - p.start_char) <> p.text)
   or (len(p.cleaners) = 0
       and substring(d.text, p.document_start_char + 1, p.document_end_char - p.document_start_char) <> p.text)
