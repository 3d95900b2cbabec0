-- What came in, what counts, what is open: one line a number.
select 'Documents read' as what, count(*) as n, 'documents' as behind from documents
union all select 'Articles', count(*), 'articles' from articles
union all select 'Articles that lead a story (copies counted once)', count(*), 'stories' from stories
union all select 'Articles without a date', count(*) filter (published_on is null), 'articles' from articles
union all select 'Articles of an unknown outlet', count(*) filter (outlet_id is null), 'articles' from articles
union all select 'Paragraphs', count(*), 'paragraphs' from paragraphs
union all select 'Paragraphs that count', count(*) filter (kept), 'paragraphs' from paragraphs
union all select 'Paragraphs dropped as repeats', count(*) filter (starts_with(drop_reason, 'repeated')), 'duplicate_paragraphs' from paragraphs
union all select 'Names found', count(*), 'mentions' from mentions
union all select 'Names left open between several', count(*) filter (entity_id is null), 'unresolved_names' from mentions
union all select 'Capitalised names nobody knew', count(*), 'unresolved_names' from unknown_names
union all select 'Inputs that could not be read', count(*), 'rejects' from rejects
