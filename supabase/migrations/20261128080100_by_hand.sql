-- What people do by hand, in the dashboard: what nobody could read back is refused at once.

-- Not of the rows that are there: looking through all of them would hold up the bot.
alter table public.generations
add constraint wanted_are_upscales check (wanted <@ '[1, 2, 3, 4]') not valid,
add constraint buttons_have_ids check (
    not jsonb_path_exists(buttons, '$[*] ? (!(@.custom_id.type() == "string"))')
) not valid,
add constraint times_are_dates check (
    least(created_at, not_before, submitted_at, completed_at, archiving_at, archived_at)
    >= '1970-01-01 00:00+00'
    and greatest(created_at, not_before, submitted_at, completed_at, archiving_at, archived_at)
    < '9999-01-01 00:00+00'
) not valid,
add constraint pictures_have_their_facts check (
    (grid_url is null or grid_step ? 'sha256')
    and (upscale_1_url is null or upscale_1_step ? 'sha256')
    and (upscale_2_url is null or upscale_2_step ? 'sha256')
    and (upscale_3_url is null or upscale_3_step ? 'sha256')
    and (upscale_4_url is null or upscale_4_step ? 'sha256')
) not valid;

-- As before; but who empties both marks, and so takes a generation back, has changed it.
create or replace function public.guard_archived() returns trigger
language plpgsql set search_path = ''
as $$
begin
    if coalesce(new.archiving_at, new.archived_at) is null then
        return new;
    end if;
    if new.status <> old.status then
        raise exception 'an archived generation keeps its status' using errcode = 'check_violation';
    end if;
    if (new.archiving_at, new.archived_at) is distinct from (old.archiving_at, old.archived_at) then
        new.updated_at := old.updated_at;
    end if;
    return new;
end
$$;

-- Without its row the queue could not be paused, and without that of the lease its fence would begin
-- anew, below that of a process that was replaced.
create function public.keep_row() returns trigger
language plpgsql set search_path = ''
as $$
begin
    raise exception 'the row of % stays', tg_table_name using errcode = 'check_violation';
end
$$;

create trigger the_row_stays before delete or truncate on public.queue_state
for each statement execute function public.keep_row();
create trigger the_row_stays before delete or truncate on public.leases
for each statement execute function public.keep_row();

insert into public.queue_state default values on conflict do nothing;

revoke execute on function public.keep_row from public, anon, authenticated, service_role;

create or replace function public.atelier_schema_version() returns bigint
language sql immutable set search_path = ''
as $$ select 20261128080100 $$;

-- Supabase's REST server keeps a list of what is there.
notify pgrst, 'reload schema';
