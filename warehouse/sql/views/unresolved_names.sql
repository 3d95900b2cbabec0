-- Names nobody could be found for: the review list for the lexicon.
with names as (
    select surface as name, 'ambiguous' as problem, candidate_ids_text as candidates, mention_id as example_id, article_id
    from mentions
    where entity_id is null
    union all
    select surface, 'unknown', null, unknown_name_id, article_id from unknown_names
)
select
    name, -- As printed.
    problem, -- ambiguous = several entities it could be; unknown = no entity has this name.
    count(*) as mentions, -- How often.
    count(distinct article_id) as articles, -- In how many articles.
    max(candidates) as candidates, -- What an ambiguous name could be.
    min(example_id) as example_id -- One place, for warwire explain.
from names
group by name, problem
order by mentions desc, name, problem
