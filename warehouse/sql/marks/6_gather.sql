-- One round, repeated until none is left: the fullest of its neighbours that are left becomes a hub, and takes those
-- directly compared with it, each to the hub that holds most of it. Nothing is joined through a third.
create or replace temp table hubs as
select telling_id
from ungathered u
group by telling_id, rank
having rank < min(other_rank) filter (other not in (select telling_id from gathered))
    or count(*) filter (other not in (select telling_id from gathered)) = 0;

insert into gathered select telling_id, telling_id from hubs;

insert into gathered
select telling_id, arg_min(other, (-words, other_rank))
from ungathered
where other in (select telling_id from hubs)
group by telling_id;
