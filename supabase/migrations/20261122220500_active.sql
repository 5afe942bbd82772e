-- The active generation is looked for all the time. Its unique index alone has nothing in it that
-- the planner could compare, so that in a long table it takes that of all statuses instead.
create index active_by_status on public.generations (status)
where status in ('submitting', 'submitted', 'grid_completed', 'variations_in_progress');

create or replace function public.atelier_schema_version() returns bigint
language sql immutable set search_path = ''
as $$ select 20261122220500 $$;
