-- What the bot asks. Functions, so that each question has its index, and its answers keep Discord's
-- ids whole (`as_json`).

create function public.as_uuid(p_text text) returns uuid
language sql immutable set search_path = ''
as $$
    select p_text::uuid where p_text ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
$$;

-- Return one generation by its id or its code (in any case), or null.
create function public.get_generation(p_id_or_code text) returns jsonb
language sql stable security definer set search_path = ''
as $$
    select public.as_json(generations) from public.generations
    where id = public.as_uuid(p_id_or_code) or code = lower(p_id_or_code)
$$;

create function public.get_processing_generation() returns jsonb
language sql stable security definer set search_path = ''
as $$
    select public.as_json(active) from public.active_generation() as active
    where active.seq is not null
$$;

-- Return a page, newest first: before a `seq`, of a person or of everybody (null), in some statuses
-- or in any (null). One of the four searches is made; each status is one of its own. A search goes
-- along its index and stops at the limit. Rows are compared whole, and sorting is out of favour, so
-- that the planner does not bet on another way, which would be slow where values are not spread.
create function public.list_generations(
    p_author_id bigint, p_statuses text[], p_before_seq bigint, p_limit integer
) returns jsonb
language sql stable security definer
set search_path = '' set jit = off set enable_sort = off set enable_incremental_sort = off
as $$
    with found as (
        (
            select seq, one from public.generations as one
            where p_author_id is null and p_statuses is null and seq < p_before_seq
            order by seq desc limit p_limit
        )
        union all
        (
            select seq, one from public.generations as one
            where p_statuses is null
                and (author_id, seq) < (p_author_id, p_before_seq)
                and (author_id, seq) > (p_author_id, 0)
            order by author_id desc, seq desc limit p_limit
        )
        union all
        select per_status.* from unnest(p_statuses) as asked (status)
        cross join lateral (
            select seq, one from public.generations as one
            where p_author_id is null
                and (one.status, seq) < (asked.status, p_before_seq)
                and (one.status, seq) > (asked.status, 0)
            order by one.status desc, seq desc limit p_limit
        ) as per_status
        union all
        select per_status.* from unnest(p_statuses) as asked (status)
        cross join lateral (
            select seq, one from public.generations as one
            where author_id = p_author_id
                and (one.status, seq) < (asked.status, p_before_seq)
                and (one.status, seq) > (asked.status, 0)
            order by one.status desc, seq desc limit p_limit
        ) as per_status
    ),
    page as (select * from found order by seq desc limit p_limit)
    select coalesce(jsonb_agg(public.as_json(page.one) order by seq desc), '[]') from page
$$;

-- Return how many come before a generation, the active one included; 0 for one that does not wait.
create function public.place_in_queue(p_id text) returns bigint
language sql stable security definer set search_path = ''
as $$
    select coalesce(
        (
            select (
                select count(*) from public.generations as other
                where other.status = 'queued' and (other.turn, other.seq) < (own.turn, own.seq)
            ) + (
                select count(*) from public.active_generation() as active
                where active.seq is not null
            )
            from public.generations as own
            where own.id = public.as_uuid(p_id) and own.status = 'queued'
        ),
        0
    )
$$;

revoke execute on function
public.as_uuid, public.get_generation, public.get_processing_generation,
public.list_generations, public.place_in_queue
from public, anon, authenticated, service_role;
grant execute on function
public.get_generation, public.get_processing_generation,
public.list_generations, public.place_in_queue
to service_role;

create or replace function public.atelier_schema_version() returns bigint
language sql immutable set search_path = ''
as $$ select 20261122210300 $$;

-- Supabase's REST server keeps a list of what is there.
notify pgrst, 'reload schema';
