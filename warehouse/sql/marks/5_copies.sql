-- Which tellings are copies of one another. Candidates share one in seven or more of the shorter one's runs of three
-- words: containment, not likeness, for a cut copy is much shorter. Runs in over 64 tellings say nothing of descent and
-- are left out on both sides. Candidates are then compared by all their words, weighted by rarity, and by names and
-- numbers, which tell two reports of one template apart.
create table shingled as
with each as (
    select distinct b.telling_id, unnest(p.shingles) as shingle
    from staged_prints p
    join telling_blocks b using (paragraph_id)
),
spread as (
    select shingle, count(*) as tellings from each group by shingle having count(*) <= 64
)
select e.telling_id, e.shingle, s.tellings > 1 as is_shared
from each e
join spread s using (shingle);

create table common_runs as
with sized as (
    select telling_id, count(*) as shingles from shingled group by telling_id
),
shared as (
    select a.telling_id as a, b.telling_id as b, count(*) as shingles
    from shingled a
    join shingled b on a.shingle = b.shingle and a.telling_id < b.telling_id
    where a.is_shared and b.is_shared
    group by all
    having count(*) >= 3
),
shares as (
    select s.a, s.b, s.shingles / x.shingles as share_a, s.shingles / y.shingles as share_b
    from shared s
    join sized x on x.telling_id = s.a
    join sized y on y.telling_id = s.b
    where s.shingles >= 0.05 * least(x.shingles, y.shingles)
)
from shares
union all
select b, a, share_b, share_a from shares;

create table alike as
select a, b, share_a from common_runs where greatest(share_a, share_b) >= 0.15;

create table words_in as
select telling_id, word >> 8 as word, max(word & 255)::integer as length, count(*)::integer as times
from (
    select b.telling_id, unnest(p.words) as word
    from staged_prints p
    join telling_blocks b using (paragraph_id)
    where b.telling_id in (select a from alike)
)
group by all;

-- in whole thousandths, so that sums are the same in any order
create table weights as
select word, round(1000 * ln(1 + (select count(distinct a) from alike) / count(*)))::bigint as weight
from words_in
group by word;

create table facts_in as
select telling_id, fact >> 8 as word, bool_or(is_number) as is_number, max(coalesce(w.weight, 1000)) as weight
from (
    select b.telling_id, unnest(list_concat(p.names, p.numbers)) as fact,
        unnest(list_concat(list_transform(p.names, x -> false), list_transform(p.numbers, x -> true))) as is_number
    from staged_prints p
    join telling_blocks b using (paragraph_id)
    where b.telling_id in (select a from alike)
)
left join weights w on w.word = fact >> 8
group by all;

-- `a` is the shorter by the weight of its words; what is said of it is said of its words, names and numbers in `b`
create table compared as
with weighed as (
    select telling_id, sum(times * weight) as weight from words_in join weights using (word) group by telling_id
),
facts as (
    select telling_id, count(*) as facts, sum(weight) as weight, count(*) filter (is_number) as numbers
    from facts_in
    group by telling_id
),
pairs as (
    select k.a, k.b, k.share_a, a.weight as weight_a, b.weight as weight_b
    from alike k
    join weighed a on a.telling_id = k.a
    join weighed b on b.telling_id = k.b
    where (a.weight, k.a) < (b.weight, k.b)
),
-- of one side first, or every word in common would be a pair
words_of_shorter as materialized (
    select p.a, p.b, x.word, x.times, x.length, w.weight
    from pairs p
    join words_in x on x.telling_id = p.a
    join weights w on w.word = x.word
),
words_in_both as (
    select
        x.a, x.b, sum(least(x.times, y.times) * x.weight) as weight,
        sum(least(x.times, y.times) * x.length)::integer as characters
    from words_of_shorter x
    join words_in y on y.telling_id = x.b and y.word = x.word
    group by x.a, x.b
),
facts_of_shorter as materialized (
    select p.a, p.b, x.word, x.weight, x.is_number from pairs p join facts_in x on x.telling_id = p.a
),
facts_in_both as (
    select x.a, x.b, sum(x.weight) as weight, count(*) filter (x.is_number and y.is_number) as numbers
    from facts_of_shorter x
    join facts_in y on y.telling_id = x.b and y.word = x.word
    group by x.a, x.b
)
select
    p.a, p.b, p.share_a as runs, w.weight / p.weight_a as words, w.weight / p.weight_b as words_of_longer, w.characters,
    -- a few names are no evidence either way; one number more or less is an update
    if(least(a.facts, b.facts) >= 3, coalesce(f.weight, 0) / least(a.weight, b.weight), 1) as names,
    (coalesce(f.numbers, 0) + 1) / (coalesce(least(a.numbers, b.numbers), 0) + 1) as numbers
from pairs p
join words_in_both w using (a, b)
left join facts_in_both f using (a, b)
left join facts a on a.telling_id = p.a
left join facts b on b.telling_id = p.b;

-- A round-up strings together pieces of others and is no longer copy of any of them: beside the shorter one it holds a
-- tenth each from two that have nothing in common with it or with each other, and much that the round-up has not.
create table round_ups as
with pieces as (
    select b as whole, a as piece from common_runs where share_b >= 0.1 and share_a < 0.6
)
select distinct c.a, c.b
from compared c
join pieces p on p.whole = c.b and p.piece <> c.a
join pieces q on q.whole = c.b and q.piece <> c.a and q.piece > p.piece
anti join common_runs r on r.a = c.a and r.b = p.piece
anti join common_runs s on s.a = c.a and s.b = q.piece
anti join common_runs t on t.a = p.piece and t.b = q.piece
where c.words >= 0.8 and c.words_of_longer < 0.6;

create table judged_pairs as
select
    c.*,
    case
        when c.words < 0.8 then 'passage'
        when c.names < 0.5 or c.numbers < if(c.names < 0.75, 0.8, if(c.words < 0.9, 0.7, 0.5)) then 'template'
        when r.a is not null then 'round_up'
    end as refused
from compared c
left join round_ups r using (a, b);

-- ------------------------------------------------------------------ who is gathered around whom
create table ranked as
select
    t.telling_id,
    row_number() over (order by t.word_chars desc, d.published_on nulls last, t.document_id)::integer as rank
from tellings t
join dated d using (document_id);

create table copies as
select p.a as telling_id, p.b as other, p.words, r.rank as other_rank, s.rank
from (
    select a, b, words from judged_pairs where refused is null
    union all
    select b, a, words from judged_pairs where refused is null
) p
join ranked r on r.telling_id = p.b
join ranked s on s.telling_id = p.a;

create table gathered (telling_id integer, hub integer);

create view ungathered as
select * from copies where telling_id not in (select telling_id from gathered);
