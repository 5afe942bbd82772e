-- What the gallery asks: what was made of a generation, and whose generations there are.

create index children on public.generations (parent_id, seq) where parent_id is not null;

-- Return what was made of a generation, with its buttons or once more, in the order of asking.
create function public.list_children(p_parent_id text, p_limit integer) returns jsonb
language sql stable security definer
set search_path = '' set jit = off set enable_sort = off set enable_incremental_sort = off
as $$
    with page as (
        select seq, one from public.generations as one
        where one.parent_id = public.as_uuid(p_parent_id)
        order by one.parent_id, seq limit p_limit
    )
    select coalesce(jsonb_agg(public.as_json(page.one) order by seq), '[]') from page
$$;

-- Return everybody's newest generation, newest first. It goes from person to person along an index.
create function public.list_newest_of_each(p_limit integer) returns jsonb
language sql stable security definer set search_path = '' set jit = off
as $$
    with recursive author (id) as (
        select min(author_id) from public.generations
        union all
        select (
            select min(author_id) from public.generations where author_id > author.id
        ) from author where author.id is not null
    ),
    newest as (
        select found.seq, found.one from author
        cross join lateral (
            -- Not `author_id = author.id`: an index without authors would do for that, and be read
            -- to its end for somebody who has long been gone.
            select seq, one from public.generations as one
            where (one.author_id, seq) < (author.id + 1, 0)
            order by one.author_id desc, seq desc limit 1
        ) as found
    ),
    page as (select * from newest order by seq desc limit p_limit)
    select coalesce(jsonb_agg(public.as_json(page.one) order by seq desc), '[]') from page
$$;

revoke execute on function public.list_children, public.list_newest_of_each
from public, anon, authenticated, service_role;
grant execute on function public.list_children, public.list_newest_of_each to service_role;

create or replace function public.atelier_schema_version() returns bigint
language sql immutable set search_path = ''
as $$ select 20261129210000 $$;

-- Supabase's REST server keeps a list of what is there.
notify pgrst, 'reload schema';
