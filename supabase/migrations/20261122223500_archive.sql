-- The clean-up: when it began to delete the pictures of a generation, and when they were gone. Every
-- other fact stays. It works beside the bot, without the lease: it only takes what has ended.
alter table public.generations add column archiving_at timestamptz;
alter table public.generations add column archived_at timestamptz;

-- Backwards, so that no other index has this order: a page is never looked for among the archived.
create index unarchived on public.generations ((-seq))
where archived_at is null and status in ('completed', 'failed', 'cancelled');

-- From the beginning on, the status stays. Who wants it back, with the pictures put back by hand,
-- empties both columns first. When a generation ended is not changed by this (`rules_are_kept`,
-- which comes before by its name, has just written it).
create function public.guard_archived() returns trigger
language plpgsql set search_path = ''
as $$
begin
    if new.status <> old.status and coalesce(new.archiving_at, new.archived_at) is not null then
        raise exception 'an archived generation keeps its status' using errcode = 'check_violation';
    end if;
    if (new.archiving_at, new.archived_at) is distinct from (old.archiving_at, old.archived_at) then
        new.updated_at := old.updated_at;
    end if;
    return new;
end
$$;

create trigger the_archived_stay_ended before update on public.generations
for each row execute function public.guard_archived();

-- Return a page of those that ended and are not archived, newest first, before a `seq`.
create function public.list_candidates(p_before_seq bigint, p_limit integer) returns jsonb
language sql stable security definer
set search_path = '' set jit = off set enable_sort = off set enable_incremental_sort = off
as $$
    with page as (
        select
            seq, id, code, author_id::text, status, updated_at, archiving_at,
            num_nonnulls(
                grid_url, upscale_1_url, upscale_2_url, upscale_3_url, upscale_4_url
            ) as pictures,
            coalesce((grid_step ->> 'size')::bigint, 0)
            + coalesce((upscale_1_step ->> 'size')::bigint, 0)
            + coalesce((upscale_2_step ->> 'size')::bigint, 0)
            + coalesce((upscale_3_step ->> 'size')::bigint, 0)
            + coalesce((upscale_4_step ->> 'size')::bigint, 0) as size
        from public.generations
        where archived_at is null and status in ('completed', 'failed', 'cancelled')
            and -seq > -p_before_seq
        order by -seq limit p_limit
    )
    select coalesce(jsonb_agg(to_jsonb(page) order by -seq), '[]') from page
$$;

-- Put down that pictures are about to be deleted, of those that ended and have not changed since.
-- Returns the ids of all with which that was begun, now or before. (Rows are locked in order, so
-- that two at once do not wait for one another.)
create function public.begin_archiving(p_ids uuid[], p_unchanged_since timestamptz) returns jsonb
language plpgsql security definer set search_path = ''
as $$
begin
    perform from public.generations where id = any(p_ids) order by seq for update;
    perform set_config('atelier.event', 'archiving', true);
    update public.generations set archiving_at = now()
    where id = any(p_ids) and archived_at is null and archiving_at is null
        and status in ('completed', 'failed', 'cancelled') and updated_at <= p_unchanged_since;
    perform set_config('atelier.event', '', true);
    return (
        select coalesce(jsonb_agg(id), '[]') from public.generations
        where id = any(p_ids) and archived_at is null and archiving_at is not null
    );
end
$$;

-- Put down that the pictures are gone; returns of how many.
create function public.finish_archiving(p_ids uuid[]) returns bigint
language plpgsql security definer set search_path = ''
as $$
declare
    v_rows bigint;
begin
    perform from public.generations where id = any(p_ids) order by seq for update;
    perform set_config('atelier.event', 'archived', true);
    update public.generations set archived_at = now()
    where id = any(p_ids) and archived_at is null and archiving_at is not null;
    get diagnostics v_rows = row_count;
    perform set_config('atelier.event', '', true);
    return v_rows;
end
$$;

-- Return which of these are there, and not archived.
create function public.unarchived(p_ids uuid[]) returns jsonb
language sql stable security definer set search_path = ''
as $$
    select coalesce(jsonb_agg(id), '[]') from public.generations
    where id = any(p_ids) and archived_at is null
$$;

revoke execute on function
public.guard_archived, public.list_candidates, public.begin_archiving,
public.finish_archiving, public.unarchived
from public, anon, authenticated, service_role;
grant execute on function
public.list_candidates, public.begin_archiving, public.finish_archiving, public.unarchived
to service_role;

create or replace function public.atelier_schema_version() returns bigint
language sql immutable set search_path = ''
as $$ select 20261122223500 $$;

-- Supabase's REST server keeps a list of what is there.
notify pgrst, 'reload schema';
