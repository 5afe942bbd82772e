-- What people want to keep: the clean-up leaves it alone.

-- `kept` is false where somebody took it back; the row stays, so that a command that is found again
-- is known to be done. The last one that changed has the highest number.
create table public.favourites (
    person_id bigint not null,
    generation_id uuid not null references public.generations (id) on delete cascade,
    kept boolean not null,
    number bigint not null unique generated always as identity,
    since timestamptz not null default now(),
    command_message_id bigint,
    primary key (person_id, generation_id)
);

create index favourites_of_person on public.favourites (person_id, number) where kept;
create index favourites_of_all on public.favourites (number) where kept;
create index favourites_of_generation on public.favourites (generation_id, kept, number);

create function public.is_favourite(p_generation_id uuid) returns boolean
language sql stable set search_path = ''
as $$
    select exists (
        select from public.favourites where generation_id = p_generation_id and kept
    )
$$;

-- Keep one with `{person_id, generation_id, kept, command_message_id}`, or keep it no longer.
-- already: that was so, and stays; conflict: no such generation, or its pictures go. (Its row is
-- locked, so that the clean-up does not begin with it at the same time.)
create function public.set_favourite(p_favourite text, p_fence bigint, p_command bigint)
returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
    v_wanted public.favourites := jsonb_populate_record(
        null::public.favourites, p_favourite::jsonb
    );
    v_answer jsonb;
begin
    if not public.holds_lease(p_fence) then
        return jsonb_build_object('outcome', 'stale_fence');
    end if;
    perform from public.generations
    where id = v_wanted.generation_id and (archiving_at is null or not v_wanted.kept)
    for update;
    if not found then
        return jsonb_build_object('outcome', 'conflict');
    end if;
    insert into public.favourites as known (person_id, generation_id, kept, command_message_id)
    values (
        v_wanted.person_id, v_wanted.generation_id, v_wanted.kept, v_wanted.command_message_id
    )
    on conflict (person_id, generation_id) do update
    set kept = excluded.kept,
        number = default,
        since = excluded.since,
        command_message_id = coalesce(excluded.command_message_id, known.command_message_id)
    where known.kept <> excluded.kept;
    v_answer := jsonb_build_object('outcome', case when found then 'done' else 'already' end);
    if p_command is null then
        return v_answer;
    end if;
    return public.marked(v_answer, p_command);
end
$$;

-- Return what somebody said last of a generation, or null.
create function public.get_favourite(p_person_id bigint, p_generation_id uuid) returns jsonb
language sql stable security definer set search_path = ''
as $$
    select jsonb_build_object(
        'person_id', person_id::text,
        'generation_id', generation_id,
        'kept', kept,
        'command_message_id', command_message_id::text
    )
    from public.favourites where person_id = p_person_id and generation_id = p_generation_id
$$;

-- Return a page of somebody's favourites, or of everybody's (null), the last one kept first. Of
-- those that several people keep, the one that was kept last counts. One of the two searches is made.
create function public.list_favourites(
    p_channel_id bigint, p_person_id bigint, p_offset integer, p_limit integer
) returns jsonb
language sql stable security definer
set search_path = '' set jit = off set enable_sort = off set enable_incremental_sort = off
set enable_hashjoin = off set enable_mergejoin = off
as $$
    with found as (
        (
            select kept.number, one
            from public.favourites as kept
            inner join public.generations as one on one.id = kept.generation_id
            where kept.person_id = p_person_id and kept.kept
                and one.channel_id = p_channel_id and one.archiving_at is null
            order by kept.number desc limit p_offset + p_limit
        )
        union all
        (
            select kept.number, one
            from public.favourites as kept
            inner join public.generations as one on one.id = kept.generation_id
            where p_person_id is null and kept.kept
                and one.channel_id = p_channel_id and one.archiving_at is null
                and not exists (
                    select from public.favourites as other
                    where other.generation_id = kept.generation_id and other.kept
                        and other.number > kept.number
                )
            order by kept.number desc limit p_offset + p_limit
        )
    ),
    page as (select * from found order by number desc offset p_offset limit p_limit)
    select coalesce(jsonb_agg(public.as_json(page.one) order by number desc), '[]') from page
$$;

-- As before, without favourites, unless the deletion of their pictures has begun.
create or replace function public.list_candidates(p_before_seq bigint, p_limit integer)
returns jsonb
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
            and (archiving_at is not null or not public.is_favourite(id))
        order by -seq limit p_limit
    )
    select coalesce(jsonb_agg(to_jsonb(page) order by -seq), '[]') from page
$$;

-- As before; and favourites may be left out. (An older process does not name the third parameter.)
drop function public.begin_archiving(uuid[], timestamptz);

create function public.begin_archiving(
    p_ids uuid[], p_unchanged_since timestamptz, p_favourites_too boolean default true
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
begin
    perform from public.generations where id = any(p_ids) order by seq for update;
    perform set_config('atelier.event', 'archiving', true);
    update public.generations set archiving_at = now()
    where id = any(p_ids) and archived_at is null and archiving_at is null
        and status in ('completed', 'failed', 'cancelled') and updated_at <= p_unchanged_since
        and (p_favourites_too or not public.is_favourite(id));
    perform set_config('atelier.event', '', true);
    return (
        select coalesce(jsonb_agg(id), '[]') from public.generations
        where id = any(p_ids) and archived_at is null and archiving_at is not null
    );
end
$$;

alter table public.favourites enable row level security;
revoke all on public.favourites from public, anon, authenticated, service_role;
revoke all on sequence public.favourites_number_seq from public, anon, authenticated, service_role;
grant select on public.favourites to service_role;

revoke execute on function
public.is_favourite, public.set_favourite, public.get_favourite, public.list_favourites,
public.begin_archiving
from public, anon, authenticated, service_role;
grant execute on function
public.set_favourite, public.get_favourite, public.list_favourites, public.begin_archiving
to service_role;

create or replace function public.atelier_schema_version() returns bigint
language sql immutable set search_path = ''
as $$ select 20261129180000 $$;

-- Supabase's REST server keeps a list of what is there.
notify pgrst, 'reload schema';
