-- The newest rows behind each listed force, town and outlet: a few mentions of each, from different articles, with the words around.
with asked as (
    select 'force' as kind, force_id as id from report_forces
    union all select 'town', place_id from report_towns
),
ranked as (
    select
        k.kind, c.entity_id as id, c.mention_id, c.article_id, c.paragraph_id, c.published_on, c.outlet_id,
        row_number() over (partition by k.kind, c.entity_id, c.article_id order by c.mention_id) as in_article
    from counted_mentions c
    join asked k on k.id = c.entity_id and c.entity_type = if(k.kind = 'force', 'force', 'place')
),
picked as (
    select *, row_number() over (partition by kind, id order by published_on desc nulls last, mention_id) as n
    from ranked
    where in_article = 1
    qualify n <= $rows
)
select
    p.kind, p.id, p.published_on::varchar as day, o.name as outlet, p.mention_id as row_id,
    m.surface, a.title, p.article_id,
    case when m.start_char is not null and b.start_char is not null
        then substring(b.text, greatest(1, m.start_char - b.start_char - 139), least(140, m.start_char - b.start_char)) end as before,
    case when m.start_char is not null and b.start_char is not null
        then substring(b.text, m.end_char - b.start_char + 1, 160) end as after
from picked p
join mentions m using (mention_id)
join paragraphs b on b.paragraph_id = p.paragraph_id
join articles a on a.article_id = p.article_id
left join outlets o on o.outlet_id = p.outlet_id
order by p.kind, p.id, p.n
