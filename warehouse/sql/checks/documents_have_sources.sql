-- fail: a document without a source, or one whose source_uri is not its first source by name
select d.document_id, d.source_uri
from documents d
left join document_sources s using (document_id)
group by d.document_id, d.source_uri
having min(s.source_uri) is distinct from d.source_uri
