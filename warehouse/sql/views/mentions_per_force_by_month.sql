-- How often each force is named, by month. A force's row does not include the forces that belong to it.
-- behind: counted_mentions where entity_type = 'force' by force_id=entity_id month=month
-- stored
select
    c.entity_id as force_id, -- The force.
    f.name, -- Its name.
    f.short_name, -- Its short name.
    f.kind, -- What sort of force.
    f.side, -- Whose side it is on.
    f.parent_id, -- The force it belongs to; that one's row does not include this one's mentions.
    c.month, -- Month of publication, YYYY-MM; null for articles without a date.
    count(*) as mentions, -- How often it is named in titles, captions and texts.
    count(distinct c.article_id) as articles, -- In how many articles.
    count(distinct c.story_id) as stories, -- In how many stories: copies of one article counted once.
    count(distinct c.outlet_id) as outlets, -- By how many known publishing outlets.
    count(distinct c.origin_outlet_id) as independent_outlets, -- By how many outlets that wrote it themselves: copies put down to their origin.
    min(c.published_on) as first_published_on, -- First dated article.
    max(c.published_on) as last_published_on -- Last dated article.
from counted_mentions c
join forces f on f.force_id = c.entity_id
where c.entity_type = 'force'
group by c.entity_id, f.name, f.short_name, f.kind, f.side, f.parent_id, c.month
order by mentions desc, force_id, c.month
