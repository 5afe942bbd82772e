-- The lease and the pause of the queue.
-- Functions answer with an outcome, and raise for nothing that is to be expected. What they take as
-- JSON comes as a text, so that no server on the way reads and rewrites it.

-- Tell whether a fence is that of the present holder, and keep it so until the end of the
-- transaction. All changes queue here, so that each sees what the one before has left.
create function public.holds_lease(p_fence bigint) returns boolean
language plpgsql set search_path = ''
as $$
begin
    perform from public.leases where name = 'worker' and fence = p_fence for update;
    return found;
end
$$;

-- Take the lease if it is free, or held under the same name: a holder whose answer was lost asks
-- again. Names must differ between processes.
create function public.acquire_lease(p_owner text, p_seconds double precision) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
    v_fence bigint;
begin
    insert into public.leases as held (name, owner, fence, expires_at)
    values ('worker', p_owner, 1, now() + make_interval(secs => p_seconds))
    on conflict (name) do update
    set owner = excluded.owner, fence = held.fence + 1, expires_at = excluded.expires_at
    where held.expires_at <= now() or held.owner = excluded.owner
    returning fence into v_fence;
    if found then
        return jsonb_build_object('outcome', 'done', 'fence', v_fence);
    end if;
    return (
        select jsonb_build_object(
            'outcome', 'held',
            'seconds', ceil(extract(epoch from expires_at - now()))
        )
        from public.leases where name = 'worker'
    );
end
$$;

-- Prolong the lease; with no seconds, let the next process act at once.
create function public.renew_lease(p_owner text, p_fence bigint, p_seconds double precision)
returns jsonb
language plpgsql security definer set search_path = ''
as $$
begin
    update public.leases set expires_at = now() + make_interval(secs => p_seconds)
    where name = 'worker' and owner = p_owner and fence = p_fence;
    return jsonb_build_object('outcome', case when found then 'done' else 'stale_fence' end);
end
$$;

-- Pause the queue with `{since, words, by}`, or resume it with null; the first pause stays.
create function public.set_pause(p_pause text, p_fence bigint) returns jsonb
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
    where (paused_since is null) = (p_pause is not null);
    return jsonb_build_object('outcome', case when found then 'done' else 'already' end);
end
$$;

-- Return the pause, or null while the queue runs.
create function public.get_pause() returns jsonb
language sql stable security definer set search_path = ''
as $$
    select jsonb_build_object(
        'since', paused_since, 'words', paused_words, 'by', paused_by::text
    )
    from public.queue_state where paused_since is not null
$$;

revoke execute on function
public.holds_lease, public.acquire_lease, public.renew_lease, public.set_pause, public.get_pause
from public, anon, authenticated, service_role;
grant execute on function
public.acquire_lease, public.renew_lease, public.set_pause, public.get_pause
to service_role;

create or replace function public.atelier_schema_version() returns bigint
language sql immutable set search_path = ''
as $$ select 20261122210100 $$;
