-- The stories printed most: how many articles, outlets, and outlets that wrote them themselves.
select s.story_id as row_id, a.title, s.articles, s.outlets, coalesce(w.name, '') as written_by, s.first_published_on::varchar as day
from stories s
join articles a on a.article_id = s.lead_article_id
left join outlets w on w.outlet_id = s.origin_outlet_id
where s.articles > 1
order by s.articles desc, row_id
limit $rows
