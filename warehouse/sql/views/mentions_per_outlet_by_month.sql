-- What each publishing outlet names, by month: force and town mentions in the articles it published, and who cites it.
-- behind: outlet_mentions by outlet_id=outlet_id month=month
-- stored
with published as (
    select a.* exclude (origin_outlet_id), coalesce(s.origin_outlet_id, a.origin_outlet_id) as origin_outlet_id,
        strftime(a.published_on, '%Y-%m') as month
    from articles a
    join stories s using (story_id)
    where a.outlet_id is not null
),
named as (
    select
        outlet_id, month, count(*) as mentions,
        count(*) filter (entity_type = 'force') as force_mentions, count(*) filter (entity_type = 'place') as town_mentions,
        count(distinct entity_id) filter (entity_type = 'force') as forces,
        count(distinct entity_id) filter (entity_type = 'place') as towns
    from outlet_mentions
    group by all
),
cited as (
    select entity_id as outlet_id, month, count(distinct article_id) as cited_in_articles
    from counted_mentions
    where entity_type = 'outlet' and outlet_id is distinct from entity_id
    group by all
)
select
    p.outlet_id, -- The outlet.
    o.name, -- Its name.
    o.kind, -- What sort of outlet.
    o.country_code, -- Its home.
    p.month, -- Month of publication, YYYY-MM; null for articles without a date.
    coalesce(any_value(n.mentions), 0) as mentions, -- Force and town mentions in the articles it published.
    count(distinct p.article_id) as articles, -- Articles it published.
    count(distinct p.story_id) as stories, -- Stories among them: copies of one article counted once.
    1::bigint as outlets, -- Always 1; here so that the three views read alike.
    count(distinct p.origin_outlet_id) as independent_outlets, -- How many outlets wrote what it published.
    min(p.published_on) as first_published_on, -- First dated article.
    max(p.published_on) as last_published_on, -- Last dated article.
    coalesce(any_value(n.force_mentions), 0) as force_mentions, -- Mentions of forces.
    coalesce(any_value(n.town_mentions), 0) as town_mentions, -- Mentions of towns.
    coalesce(any_value(n.forces), 0) as forces, -- Different forces named.
    coalesce(any_value(n.towns), 0) as towns, -- Different towns named.
    coalesce(any_value(c.cited_in_articles), 0) as cited_in_articles -- Other outlets' articles that name it.
from published p
join outlets o using (outlet_id)
left join named n on n.outlet_id = p.outlet_id and n.month is not distinct from p.month
left join cited c on c.outlet_id = p.outlet_id and c.month is not distinct from p.month
group by p.outlet_id, o.name, o.kind, o.country_code, p.month
order by mentions desc, p.outlet_id, p.month
