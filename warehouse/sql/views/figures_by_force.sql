-- What numbers are said of each force, by measure: as printed, never added up or reconciled.
-- behind: figures by force_id=force_id measure=measure
select
    f.force_id, -- The force the number is said of.
    o.name, -- Its name.
    f.measure, -- What is counted.
    count(*) as figures, -- How many numbers.
    count(distinct f.article_id) as articles, -- In how many articles.
    count(distinct a.story_id) as stories, -- In how many stories: copies of one article counted once.
    min(coalesce(f.low, f.high)) as lowest, -- The lowest number printed.
    max(coalesce(f.high, f.low)) as highest, -- The highest number printed.
    count(distinct f.attribution_id) as attributed, -- How many of them name who says so.
    min(a.published_on) as first_published_on, -- First dated article.
    max(a.published_on) as last_published_on -- Last dated article.
from figures f
join forces o using (force_id)
join articles a using (article_id)
group by f.force_id, o.name, f.measure
order by figures desc, f.force_id, f.measure
