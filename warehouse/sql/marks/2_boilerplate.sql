-- What an outlet prints in its articles again and again. Evidence is a document most of whose words stand nowhere else
-- in the outlet (a copy of an article is no evidence of a habit); three such documents and two in a hundred make a habit.
-- A habit shows on two days at least, a paragraph of over 60 words on three: one day's updates of one story repeat its
-- background honestly. A document without a date stands for a day of its own. Short lines are compared with their
-- numbers left out ("viewed 12 times"). Articles of unknown outlets are one group.
create table candidates as
select
    coalesce(d.outlet_id, '') as outlet, b.document_id, b.paragraph_id, b.word_chars,
    coalesce(d.published_on::varchar, b.document_id) as day,
    case when b.word_chars <= 40 then b.form_signature else b.signature end as words
from staged_blocks b
join dated d using (document_id)
where b.kind in ('body', 'standfirst', 'crosshead', 'caption') and b.signature <> '';

create table boilerplate as
with documents_of as (
    select outlet, count(distinct document_id) as documents from candidates group by outlet
),
spread as (
    select outlet, words, count(distinct document_id) as documents from candidates group by outlet, words
),
own as (
    select outlet, document_id
    from candidates
    join spread using (outlet, words)
    group by outlet, document_id
    having coalesce(sum(word_chars) filter (documents > 1), 0) <= 0.5 * sum(word_chars)
)
select c.outlet, c.words
from candidates c
join own using (outlet, document_id)
join documents_of n on n.outlet = c.outlet
group by c.outlet, c.words, n.documents
having count(distinct c.document_id) >= greatest(3, ceil(0.02 * n.documents))
    and count(distinct c.day) >= if(any_value(c.word_chars) <= 360, 2, 3);
