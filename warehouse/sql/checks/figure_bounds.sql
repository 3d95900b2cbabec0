-- fail: a figure's low, high and best do not fit its bound
select figure_id, bound, low, high, best
from figures
where not case bound
    when 'exact' then low = high and best = low
    when 'approximate' then low = high and best = low
    when 'at_least' then low is not null and high is null and best is null
    when 'more_than' then low is not null and high is null and best is null
    when 'at_most' then high is not null and low is null and best is null
    when 'less_than' then high is not null and low is null and best is null
    when 'range' then low < high and best is null
    else low is null and high is null and best is null and vague_word is not null
end
