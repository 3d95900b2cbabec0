-- fail: two rows share a key
select 'documents' as in_table, document_id as key from documents group by all having count(*) > 1
union all select 'paragraphs', paragraph_id from paragraphs group by all having count(*) > 1
union all select 'articles', article_id from articles group by all having count(*) > 1
union all select 'mentions', mention_id from mentions group by all having count(*) > 1
union all select 'figures', figure_id from figures group by all having count(*) > 1
union all select 'attributions', attribution_id from attributions group by all having count(*) > 1
union all select 'quotes', quote_id from quotes group by all having count(*) > 1
union all select 'events', event_id from events group by all having count(*) > 1
union all select 'unknown_names', unknown_name_id from unknown_names group by all having count(*) > 1
union all select 'stories', story_id from stories group by all having count(*) > 1
