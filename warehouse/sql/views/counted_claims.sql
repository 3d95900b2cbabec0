-- The clauses of reporting, each under one name: the id of the known claimant, else the name as the article gives it.
select
    t.attribution_id, -- The clause.
    coalesce(t.claimant_id, t.claimant) as claimant, -- Who says it: an id where one is known.
    coalesce(f.name, o.name, g.name, p.name, t.claimant) as name, -- The name of that claimant.
    t.claimant_type, -- What sort of claimant.
    t.stance, -- How it is said.
    t.article_id, -- The article it stands in.
    a.story_id, -- The story that article tells.
    a.published_on -- When it was published.
from attributions t
join articles a using (article_id)
left join forces f on f.force_id = t.claimant_id
left join outlets o on o.outlet_id = t.claimant_id
left join organizations g on g.organization_id = t.claimant_id
left join places p on p.place_id = t.claimant_id
