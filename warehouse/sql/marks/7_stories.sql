-- A story is a hub's telling and those gathered around it; it is led by its earliest article, then the fullest.
create table led as
select
    o.*, t.telling_id, coalesce(g.hub, t.telling_id) as hub,
    first_value(o.article_id) over (
        partition by coalesce(g.hub, t.telling_id) order by o.published_on nulls last, o.word_chars desc, o.document_id
    ) as lead_article_id
from told o
join tellings t using (telling)
left join gathered g using (telling_id);

create table article_marks as
select
    s.part, l.article_id, l.document_id, s.source_uri, l.published_on, l.published_on_basis,
    md5('story ' || l.lead_article_id) as story_id, l.article_id = l.lead_article_id as is_story_lead
from led l
join documents_in s using (document_id);

-- an agency that one of the tellings credits wrote them all; else whoever led
create table stories as
select
    md5('story ' || lead_article_id) as story_id, lead_article_id, count(*)::integer as articles,
    count(distinct outlet_id)::integer as outlets,
    coalesce(
        arg_min(origin_outlet_id, (coalesce(published_on, date '9999-12-31'), document_id))
            filter (origin_outlet_id is distinct from outlet_id and origin_outlet_id is not null),
        max(origin_outlet_id) filter (article_id = lead_article_id)
    ) as origin_outlet_id,
    min(published_on) as first_published_on
from led
group by lead_article_id
order by story_id;

create table first_told as
select t.telling_id, o.article_id, o.word_chars from tellings t join told o using (document_id);

create table story_pairs as
with texts as (
    select m.document_id, md5(string_agg(b.text, chr(10) order by m.position)) as text
    from led l
    join marked m using (document_id)
    join staged_blocks b using (paragraph_id)
    where l.telling in (select telling from told group by telling having count(*) > 1)
        and m.drop_reason is null and m.kind in ('body', 'standfirst', 'crosshead')
    group by m.document_id
)
select
    f.article_id as article_id_a, l.article_id as article_id_b,
    if(x.text = y.text, 'exact_text', 'normalised_text') as method, 1.0::double as score,
    l.word_chars as shared_characters, null::varchar as contained,
    1.0::double as words_shared, 1.0::double as names_shared, 1.0::double as numbers_shared
from led l
join first_told f using (telling_id)
join texts x on x.document_id = l.document_id
join led h on h.article_id = f.article_id
join texts y on y.document_id = h.document_id
where l.article_id <> f.article_id
union all
select
    h.article_id, m.article_id, if(p.words_of_longer < 0.8, 'contained', 'near'), round(p.words, 4), p.characters,
    case when p.words_of_longer < 0.8 then if(p.a = g.hub, h.article_id, m.article_id) end,
    round(p.words, 4), round(p.names, 4), round(p.numbers, 4)
from gathered g
join judged_pairs p on (p.a = g.telling_id and p.b = g.hub) or (p.b = g.telling_id and p.a = g.hub)
join first_told h on h.telling_id = g.hub
join first_told m on m.telling_id = g.telling_id
where g.telling_id <> g.hub
order by article_id_a, article_id_b;

create table refused_pairs as
select
    y.article_id as article_id_a, x.article_id as article_id_b, p.refused as reason, round(p.runs, 4) as runs_shared,
    round(p.words, 4) as words_shared, round(p.names, 4) as names_shared, round(p.numbers, 4) as numbers_shared
from judged_pairs p
join first_told x on x.telling_id = p.a
join first_told y on y.telling_id = p.b
where p.refused <> 'passage' or (p.refused = 'passage' and p.runs >= 0.3)
order by article_id_a, article_id_b;
