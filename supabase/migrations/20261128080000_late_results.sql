-- What comes too late for a generation whose pictures were taken away is a conflict, no error: the row
-- is returned, and tells that it is archived.

-- Apply a transition to the row that is still in that status and version, and may still take it.
-- already: the row is as wanted, as when a call is repeated whose answer was lost.
create or replace function public.apply_transition(
    p_status text, p_version bigint, p_after text, p_event text, p_fence bigint
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
    v_columns jsonb := p_after::jsonb;
    v_row public.generations;
    v_after public.generations;
begin
    if not public.holds_lease(p_fence) then
        return public.outcome('stale_fence');
    end if;
    select * into v_row from public.generations where id = (v_columns ->> 'id')::uuid for update;
    if not found then
        return public.outcome('conflict');
    end if;
    v_after := jsonb_populate_record(
        v_row, public.with_stored_pictures(to_jsonb(v_row), v_columns)
    );
    if public.changed_columns(to_jsonb(v_row), to_jsonb(v_after)) = '' then
        return public.outcome('already', v_row);
    end if;
    if v_row.status <> p_status or v_row.version <> p_version or (
        v_after.status <> v_row.status
        and coalesce(v_row.archiving_at, v_row.archived_at) is not null
    ) then
        return public.outcome('conflict', v_row);
    end if;
    return public.outcome('done', public.write_generation(v_after, p_event));
exception
    when unique_violation then  -- another one is active
        return public.outcome('conflict', v_row);
end
$$;

-- Record the picture of a slot (`grid`, `upscale_1` …); the first one stays, and none comes to an
-- archived row. The row moves on by itself, if it is active, and ends by the clock of the database.
create or replace function public.record_picture(
    p_id uuid, p_slot text, p_key text, p_facts text, p_fence bigint
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
    v_row public.generations;
    v_columns jsonb;
begin
    if not public.holds_lease(p_fence) then
        return public.outcome('stale_fence');
    end if;
    select * into v_row from public.generations where id = p_id for update;
    v_columns := to_jsonb(v_row);
    if v_columns ->> (p_slot || '_url') is not null then
        return public.outcome('already', v_row);
    end if;
    if v_row.seq is null or coalesce(v_row.archiving_at, v_row.archived_at) is not null then
        return public.outcome('conflict', v_row);
    end if;
    v_row := jsonb_populate_record(v_row, jsonb_build_object(
        p_slot || '_url', p_key,
        p_slot || '_step', (v_columns -> (p_slot || '_step')) - 'problem' || p_facts::jsonb
    ));
    v_row := public.settled(v_row, now());
    return public.outcome('done', public.write_generation(v_row, 'picture_stored'));
end
$$;

create or replace function public.atelier_schema_version() returns bigint
language sql immutable set search_path = ''
as $$ select 20261128080000 $$;

-- Supabase's REST server keeps a list of what is there.
notify pgrst, 'reload schema';
