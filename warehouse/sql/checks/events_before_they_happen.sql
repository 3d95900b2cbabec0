-- warn: an event told as done is dated after its article was published
select e.event_id, e.date_start, a.published_on
from events e
join articles a using (article_id)
where e.status in ('asserted', 'claimed') and e.date_start > a.published_on
