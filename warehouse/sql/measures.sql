-- Shares that no column's declaration tells: rows by table, and shares of rows that have a value, come from those (warehouse/declared.py).
select 'share of paragraphs kept' as measure, avg(kept::integer) as value, count(*) as of_rows from paragraphs
union all select 'share of articles with text', avg((text <> '')::integer), count(*) from articles
union all select 'share of articles that lead a story', avg(is_story_lead::integer), count(*) from articles
