-- warn: an article without any text left
select article_id, document_id from articles where word_count = 0
