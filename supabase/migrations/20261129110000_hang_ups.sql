-- How often in a row Discord's gateway has hung up, and when last; both null if it did not. The next
-- process must know it: connections that follow each other too fast cost the account its token.
alter table public.queue_state add column hang_ups integer, add column hung_up_at timestamptz;
alter table public.queue_state
add constraint hang_ups_have_a_time check ((hang_ups is null) = (hung_up_at is null));

-- Note them with `{in_a_row, last_at}`, or forget them with null.
create function public.set_hang_ups(p_hang_ups text, p_fence bigint) returns jsonb
language plpgsql security definer set search_path = ''
as $$
begin
    if not public.holds_lease(p_fence) then
        return jsonb_build_object('outcome', 'stale_fence');
    end if;
    update public.queue_state
    set hang_ups = (p_hang_ups::jsonb ->> 'in_a_row')::integer,
        hung_up_at = (p_hang_ups::jsonb ->> 'last_at')::timestamptz
    where only_row = 1;
    return jsonb_build_object('outcome', 'done');
end
$$;

-- Return them, or null if there was none.
create function public.get_hang_ups() returns jsonb
language sql stable security definer set search_path = ''
as $$
    select jsonb_build_object('in_a_row', hang_ups, 'last_at', hung_up_at)
    from public.queue_state where hang_ups is not null
$$;

revoke execute on function public.set_hang_ups, public.get_hang_ups
from public, anon, authenticated, service_role;
grant execute on function public.set_hang_ups, public.get_hang_ups to service_role;

create or replace function public.atelier_schema_version() returns bigint
language sql immutable set search_path = ''
as $$ select 20261129110000 $$;

-- Supabase's REST server keeps a list of what is there.
notify pgrst, 'reload schema';
