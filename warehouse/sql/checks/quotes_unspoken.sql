-- warn: more than a third of an outlet's quotations (of twenty or more) have no speaker
select a.outlet_id, count(*) as quotes, count(*) filter (q.speaker is null) as unspoken
from quotes q
join articles a using (article_id)
where a.outlet_id is not null
group by a.outlet_id
having count(*) >= 20 and count(*) filter (q.speaker is null) > count(*) / 3
