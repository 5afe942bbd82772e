-- What ended lately is looked for after a restart, however long ago it was asked for.
create index ended on public.generations (updated_at, seq)
where status in ('completed', 'failed', 'cancelled', 'needs_attention');

-- Return a page of those that ended, or need attention, in the order of their last change: from a time
-- on, and there from a `seq` on.
create function public.list_ended(p_since timestamptz, p_after_seq bigint, p_limit integer)
returns jsonb
language sql stable security definer
set search_path = '' set jit = off set enable_sort = off set enable_incremental_sort = off
as $$
    with page as (
        select updated_at, seq, one from public.generations as one
        where one.status in ('completed', 'failed', 'cancelled', 'needs_attention')
            and (updated_at, seq) > (p_since, p_after_seq)
        order by updated_at, seq limit p_limit
    )
    select coalesce(jsonb_agg(public.as_json(page.one) order by updated_at, seq), '[]') from page
$$;

revoke execute on function public.list_ended from public, anon, authenticated, service_role;
grant execute on function public.list_ended to service_role;

create or replace function public.atelier_schema_version() returns bigint
language sql immutable set search_path = ''
as $$ select 20261129114500 $$;

-- Supabase's REST server keeps a list of what is there.
notify pgrst, 'reload schema';
