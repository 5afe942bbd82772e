-- A stop that needs a person takes the place of a person's pause: whoever resumes must know of it.

-- Pause the queue with `{since, words, by}`, or resume it with null. The first pause stays, but for
-- one of a person's (`by`) when a stop comes.
create or replace function public.set_pause(p_pause text, p_fence bigint) returns jsonb
language plpgsql security definer set search_path = ''
as $$
begin
    if not public.holds_lease(p_fence) then
        return jsonb_build_object('outcome', 'stale_fence');
    end if;
    update public.queue_state
    set paused_since = (p_pause::jsonb ->> 'since')::timestamptz,
        paused_words = p_pause::jsonb ->> 'words',
        paused_by = (p_pause::jsonb ->> 'by')::bigint
    where (paused_since is null) = (p_pause is not null)
        or (paused_by is not null and p_pause::jsonb ->> 'by' is null);
    return jsonb_build_object('outcome', case when found then 'done' else 'already' end);
end
$$;

create or replace function public.atelier_schema_version() returns bigint
language sql immutable set search_path = ''
as $$ select 20261128070000 $$;
