-- How often forces and towns are named, by period and outlet, alone and together: force or town null = whatever it is. `forces`,
-- `towns` and `outlets` are the listed ones; other outlets are one. What is counted together is counted by article.
with listed as (
    select a.article_id, p.period, o.place as outlet
    from articles a
    left join periods p on p.month = strftime(a.published_on, '%Y-%m')
    left join report_outlets o using (outlet_id)
),
of_force as (
    select c.article_id, f.place as force, count(*) as mentions
    from counted_mentions c join report_forces f on f.force_id = c.entity_id
    where c.entity_type = 'force'
    group by all
),
of_town as (
    select c.article_id, t.place as town, count(*) as mentions
    from counted_mentions c join report_towns t on t.place_id = c.entity_id
    where c.entity_type = 'place'
    group by all
)
select period, outlet, null::integer as force, null::integer as town, count(*) as articles, 0 as force_mentions, 0 as town_mentions
from listed group by all
union all
select period, outlet, force, null, count(*), sum(mentions), 0 from listed join of_force using (article_id) group by all
union all
select period, outlet, null, town, count(*), 0, sum(mentions) from listed join of_town using (article_id) group by all
union all
select period, outlet, force, town, count(*), sum(f.mentions), sum(t.mentions)
from listed join of_force f using (article_id) join of_town t using (article_id)
group by all
order by all
