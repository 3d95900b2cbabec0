-- Articles with the same words in the same blocks are one telling; a text of a few words is a telling of its own. What
-- follows compares tellings, each by its first article.
create table told as
with texts as (
    select document_id, sum(word_chars) as word_chars, md5(string_agg(signature, ' ' order by position)) as words
    from marked
    where drop_reason is null and kind in ('body', 'standfirst', 'crosshead') and signature <> ''
    group by document_id
)
select
    d.*, coalesce(t.word_chars, 0)::integer as word_chars,
    case when t.word_chars >= 100 then t.words else d.article_id end as telling
from dated d
left join texts t using (document_id);

create table tellings as
select
    (row_number() over (order by min(article_id)))::integer as telling_id, telling,
    arg_min(document_id, (coalesce(published_on, date '9999-12-31'), -word_chars, document_id)) as document_id,
    any_value(word_chars) as word_chars
from told
group by telling;

create table telling_blocks as
select t.telling_id, m.paragraph_id
from tellings t
join marked m using (document_id)
where t.word_chars >= 100 and m.drop_reason is null and m.kind in ('body', 'standfirst', 'crosshead');
