-- fail by part: the words of a figure, attribution, quote or event are not at its offsets (in texts of over 200,000 characters: 200 of them)
with records as (
    select 'figures' as in_table, figure_id as id, article_id, document_id, surface, document_surface, start_char, end_char, document_start_char, document_end_char from figures
    union all select 'attributions' as in_table, attribution_id as id, article_id, document_id, surface, document_surface, start_char, end_char, document_start_char, document_end_char from attributions
    union all select 'quotes' as in_table, quote_id as id, article_id, document_id, surface, document_surface, start_char, end_char, document_start_char, document_end_char from quotes
    union all select 'events' as in_table, event_id as id, article_id, document_id, surface, document_surface, start_char, end_char, document_start_char, document_end_char from events
),
sized as (
    select document_id, length(text) as characters from documents
),
asked as (
    select r.*
    from records r
    join sized using (document_id)
    qualify characters <= 200000 or row_number() over (partition by document_id, in_table order by id) <= 200
)
select r.in_table, r.id, r.surface
from asked r
join articles a using (article_id)
join documents d on d.document_id = r.document_id
where (r.start_char is not null and substring(a.text, r.start_char + 1, r.end_char - r.start_char) <> r.surface)
   or substring(d.text, r.document_start_char + 1, r.document_end_char - r.document_start_char) <> r.document_surface
