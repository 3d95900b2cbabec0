-- fail: a document stands in two parts
select document_id, count(*) as parts from documents group by document_id having count(*) > 1
