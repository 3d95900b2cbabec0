-- How often each town is named. A town is any settlement; governorates, districts and countries are not in it.
-- behind: counted_mentions where entity_type = 'place' by place_id=entity_id
-- stored
select
    c.entity_id as place_id, -- The town.
    p.name, -- Its name.
    p.country_code, -- Its country.
    p.admin1 as governorate, -- Its governorate.
    p.latitude, -- Degrees north.
    p.longitude, -- Degrees east.
    count(*) as mentions, -- How often it is named in titles, captions and texts.
    count(distinct c.article_id) as articles, -- In how many articles.
    count(distinct c.story_id) as stories, -- In how many stories: copies of one article counted once.
    count(distinct c.outlet_id) as outlets, -- By how many known publishing outlets.
    count(distinct c.origin_outlet_id) as independent_outlets, -- By how many outlets that wrote it themselves: copies put down to their origin.
    min(c.published_on) as first_published_on, -- First dated article.
    max(c.published_on) as last_published_on -- Last dated article.
from counted_mentions c
join places p on p.place_id = c.entity_id
where c.entity_type = 'place' and p.kind = 'town'
group by c.entity_id, p.name, p.country_code, p.admin1, p.latitude, p.longitude
order by mentions desc, place_id
