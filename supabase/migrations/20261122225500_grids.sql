-- A grid in the channel belongs to one generation at most; it is looked up by its message.
create index by_grid_message on public.generations ((grid_step ->> 'message_id'));

create function public.get_generation_of_grid(p_message_id text) returns jsonb
language sql stable security definer set search_path = ''
as $$
    select public.as_json(generations) from public.generations
    where grid_step ->> 'message_id' = p_message_id
    order by seq limit 1
$$;

revoke execute on function public.get_generation_of_grid
from public, anon, authenticated, service_role;
grant execute on function public.get_generation_of_grid to service_role;

create or replace function public.atelier_schema_version() returns bigint
language sql immutable set search_path = ''
as $$ select 20261122225500 $$;

-- Supabase's REST server keeps a list of what is there.
notify pgrst, 'reload schema';
