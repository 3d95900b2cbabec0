-- fail: an article without a story, a story without exactly one lead, or a story that miscounts
select s.story_id, s.articles, count(a.article_id) as found, count(*) filter (a.is_story_lead) as leads
from stories s
full join articles a using (story_id)
group by s.story_id, s.articles
having s.story_id is null or count(a.article_id) <> s.articles or count(*) filter (a.is_story_lead) <> 1
