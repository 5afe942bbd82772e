-- One call where there were several, and only what changes is sent.

-- Accept a command as accept_command does, and tell how many are ahead of it; but over_quota, with
-- the load and the latest failed ones, for a new command where a bound is reached (`{since, limit,
-- waiting, own_waiting, own_lately, own_last, refused, refusals}`; null: that does not matter).
create function public.accept_generation(p_command text, p_bounds text, p_fence bigint)
returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
    v_new constant jsonb := p_command::jsonb;
    v_bounds constant jsonb := p_bounds::jsonb;
    v_load jsonb;
    v_failed jsonb;
    v_answer jsonb;
begin
    if not public.holds_lease(p_fence) then
        return public.outcome('stale_fence');
    end if;
    if v_bounds is not null and not exists (
        select from public.generations
        where command_message_id = (v_new ->> 'command_message_id')::bigint
    ) then
        v_load := public.get_load(
            (v_new ->> 'author_id')::bigint,
            (v_bounds ->> 'since')::timestamptz,
            (v_bounds ->> 'limit')::integer
        );
        v_failed := public.list_generations(
            (v_new ->> 'author_id')::bigint, array['failed'], 9223372036854775807,
            (v_bounds ->> 'refusals')::integer
        );
        if (v_load ->> 'waiting')::bigint >= (v_bounds ->> 'waiting')::bigint
            or (v_load ->> 'own_waiting')::bigint >= (v_bounds ->> 'own_waiting')::bigint
            or (v_load ->> 'own_lately')::bigint >= (v_bounds ->> 'own_lately')::bigint
            or (v_load ->> 'own_last')::timestamptz > (v_bounds ->> 'own_last')::timestamptz
            or (
                select count(*) from jsonb_array_elements(v_failed) as failed (one)
                where split_part(one ->> 'error', ':', 1) = 'refused'
                    and (one ->> 'updated_at')::timestamptz
                        > (v_bounds ->> 'refused')::timestamptz
            ) >= (v_bounds ->> 'refusals')::bigint
        then
            return public.outcome('over_quota')
                || jsonb_build_object('load', v_load, 'failed', v_failed);
        end if;
    end if;
    v_answer := public.accept_command(p_command, p_fence);
    return v_answer || jsonb_build_object(
        'place', coalesce(public.place_in_queue(v_answer -> 'row' ->> 'id'), 0)
    );
end
$$;

-- Apply a transition as apply_transition does, of which only the changed columns are told; the mark
-- moves to a command that asked for it.
create function public.apply_changes(
    p_id text, p_status text, p_version bigint, p_changes text, p_event text, p_fence bigint,
    p_command bigint
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
    v_columns jsonb;
    v_answer jsonb;
begin
    if not public.holds_lease(p_fence) then
        return public.outcome('stale_fence');
    end if;
    select to_jsonb(one) || p_changes::jsonb into v_columns
    from public.generations as one where id = p_id::uuid for update;
    if not found then
        return public.outcome('conflict');
    end if;
    v_answer := public.apply_transition(p_status, p_version, v_columns::text, p_event, p_fence);
    return case when p_command is null then v_answer else public.marked(v_answer, p_command) end;
end
$$;

revoke execute on function public.accept_generation, public.apply_changes
from public, anon, authenticated, service_role;
grant execute on function public.accept_generation, public.apply_changes to service_role;

create or replace function public.atelier_schema_version() returns bigint
language sql immutable set search_path = ''
as $$ select 20261130080000 $$;

-- Supabase's REST server keeps a list of what is there.
notify pgrst, 'reload schema';
