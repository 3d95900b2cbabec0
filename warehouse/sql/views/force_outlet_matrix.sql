-- Which outlets name which forces, in the articles they published.
-- stored
select
    c.entity_id as force_id, -- The force.
    any_value(f.name) as force, -- Its name.
    c.outlet_id, -- The publishing outlet.
    any_value(o.name) as outlet, -- Its name.
    count(*) as mentions, -- How often.
    count(distinct c.article_id) as articles, -- In how many articles.
    count(distinct c.story_id) as stories -- In how many stories: copies counted once.
from counted_mentions c
join forces f on f.force_id = c.entity_id
join outlets o using (outlet_id)
where c.entity_type = 'force'
group by c.entity_id, c.outlet_id
order by mentions desc, force_id, outlet_id
