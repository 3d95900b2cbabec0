-- Who says how much: clauses of reporting by claimant, all who speak for a known force, outlet or body together.
-- behind: counted_claims by claimant=claimant
select
    c.claimant, -- The claimant: an id where one is known, else the fullest name an article gives.
    max(c.name) as name, -- Its name.
    max(c.claimant_type) as claimant_type, -- What sort of claimant.
    count(*) as claims, -- How many clauses.
    count(distinct c.article_id) as articles, -- In how many articles.
    count(distinct c.story_id) as stories, -- In how many stories: copies of one article counted once.
    count(*) filter (c.stance = 'confirms') as confirmed, -- Of them confirming.
    count(*) filter (c.stance = 'denies') as denied, -- Of them denying.
    count(*) filter (c.stance = 'claims') as claimed, -- Of them claiming.
    count(*) filter (c.stance = 'warns') as warned, -- Of them warning.
    min(c.published_on) as first_published_on, -- First dated article.
    max(c.published_on) as last_published_on -- Last dated article.
from counted_claims c
group by c.claimant
order by claims desc, c.claimant
