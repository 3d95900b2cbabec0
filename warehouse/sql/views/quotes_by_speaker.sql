-- Who is quoted: quotations by speaker.
-- behind: quotes by speaker=speaker
select
    q.speaker, -- The fullest name an article gives.
    max(q.speaker_role) as speaker_role, -- What an article calls the speaker.
    max(q.speaker_id) as speaker_id, -- Whom the speaker speaks for.
    count(*) as quotes, -- How many quotations.
    count(*) filter (q.kind = 'direct') as direct_quotes, -- Of them whole sentences.
    count(distinct q.article_id) as articles, -- In how many articles.
    count(distinct a.story_id) as stories, -- In how many stories: copies of one article counted once.
    min(a.published_on) as first_published_on, -- First dated article.
    max(a.published_on) as last_published_on -- Last dated article.
from quotes q
join articles a using (article_id)
where q.speaker is not null
group by q.speaker
order by quotes desc, q.speaker
