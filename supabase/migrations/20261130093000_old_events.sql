-- Old events may go, by a setting: of generations that have ended, and from before a time.

-- Events from before this time may be deleted, if their generation has ended. It is set only within
-- the transaction that deletes some; otherwise it is null, and events are append-only.
alter table public.queue_state add column events_before timestamptz;

create or replace function public.keep_event() returns trigger
language plpgsql set search_path = ''
as $$
begin
    if tg_op = 'DELETE' and not exists (
        select from public.generations
        where id = old.generation_id and not (
            status in ('completed', 'failed', 'cancelled')
            and old.at < coalesce((select events_before from public.queue_state), '-infinity')
        )
    ) then
        return old;
    end if;
    raise exception 'events are append-only' using errcode = 'check_violation';
end
$$;

-- Return `{last, removable}` of the next events behind `p_after` that are from before a time: the
-- last number, and how many may be deleted. null: there is no older one. (Numbers grow with time,
-- so no index of the times is needed.)
create function public.list_old_events(
    p_before timestamptz, p_after bigint, p_limit integer
) returns jsonb
language sql stable security definer
set search_path = '' set jit = off set enable_sort = off
set enable_hashjoin = off set enable_mergejoin = off
as $$
    with page as (
        select id, generation_id, at from public.generation_events
        where id > p_after order by id limit p_limit
    )
    select case when max(page.id) is not null then jsonb_build_object(
        'last', max(page.id),
        'removable', count(*) filter (where one.status in ('completed', 'failed', 'cancelled'))
    ) end
    from page
    inner join public.generations as one on one.id = page.generation_id
    where page.at < p_before
$$;

-- Delete such events up to `p_last`; returns how many. No generation goes back to work meanwhile:
-- its row is locked, and where somebody else has locked it, its events stay for now.
create function public.delete_old_events(p_before timestamptz, p_after bigint, p_last bigint)
returns bigint
language plpgsql security definer
set search_path = '' set jit = off set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
    v_rows bigint;
begin
    update public.queue_state set events_before = p_before where only_row = 1;
    with found as (
        select event.id
        from public.generation_events as event
        inner join public.generations as one on one.id = event.generation_id
        where event.id > p_after and event.id <= p_last and event.at < p_before
            and one.status in ('completed', 'failed', 'cancelled')
        for share of one skip locked
    )
    delete from public.generation_events as event using found where event.id = found.id;
    get diagnostics v_rows = row_count;
    update public.queue_state set events_before = null where only_row = 1;
    return v_rows;
end
$$;

revoke execute on function public.list_old_events, public.delete_old_events
from public, anon, authenticated, service_role;
grant execute on function public.list_old_events, public.delete_old_events to service_role;

create or replace function public.atelier_schema_version() returns bigint
language sql immutable set search_path = ''
as $$ select 20261130093000 $$;

-- Supabase's REST server keeps a list of what is there.
notify pgrst, 'reload schema';
