-- Articles with the same words in the same blocks are one story; a text of a few words is a story of its own.
create table told as
with texts as (
    select document_id, sum(word_chars) as word_chars, md5(string_agg(signature, ' ' order by position)) as words
    from marked
    where drop_reason is null and kind in ('body', 'standfirst', 'crosshead') and signature <> ''
    group by document_id
)
select
    d.*, coalesce(t.word_chars, 0) as word_chars,
    case when t.word_chars >= 100 then t.words else d.article_id end as telling
from dated d
left join texts t using (document_id);

create table led as
select
    *,
    first_value(article_id) over (
        partition by telling order by published_on nulls last, word_chars desc, document_id) as lead_article_id
from told;

create table article_marks as
select
    s.part, l.article_id, l.document_id, s.source_uri, l.published_on, l.published_on_basis,
    md5('story ' || l.lead_article_id) as story_id, l.article_id = l.lead_article_id as is_story_lead
from led l
join documents_in s using (document_id);

create table stories as
select
    md5('story ' || lead_article_id) as story_id, lead_article_id, count(*)::integer as articles,
    count(distinct outlet_id)::integer as outlets,
    max(origin_outlet_id) filter (article_id = lead_article_id) as origin_outlet_id,
    min(published_on) as first_published_on
from led
group by lead_article_id
order by story_id;

create table story_pairs as
select
    lead_article_id as article_id_a, article_id as article_id_b, 'normalised_text' as method, 1.0::double as score,
    word_chars::integer as shared_characters, null::varchar as contained
from led
where article_id <> lead_article_id
order by article_id_a, article_id_b;
