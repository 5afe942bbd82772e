-- Stars in the gallery: what it asks, and a favourite that is set without the lease.

-- As before; without a fence, by a process that does not work on generations. Nothing of the worker's
-- depends on favourites, and the row is locked against the clean-up in any case.
create or replace function public.set_favourite(p_favourite text, p_fence bigint, p_command bigint)
returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
    v_wanted public.favourites := jsonb_populate_record(
        null::public.favourites, p_favourite::jsonb
    );
    v_answer jsonb;
begin
    if p_fence is not null and not public.holds_lease(p_fence) then
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

-- Return which of these are somebody's favourites. Each is looked up by the primary key.
create function public.favourites_among(p_person_id bigint, p_ids uuid[]) returns jsonb
language sql stable security definer set search_path = '' set jit = off
as $$
    select coalesce(jsonb_agg(asked.id), '[]')
    from unnest(p_ids) as asked (id)
    cross join lateral (
        select from public.favourites
        where person_id = p_person_id and generation_id = asked.id and kept limit 1
    ) as found
$$;

revoke execute on function public.favourites_among from public, anon, authenticated, service_role;
grant execute on function public.favourites_among to service_role;

create or replace function public.atelier_schema_version() returns bigint
language sql immutable set search_path = ''
as $$ select 20261129230000 $$;

-- Supabase's REST server keeps a list of what is there.
notify pgrst, 'reload schema';
