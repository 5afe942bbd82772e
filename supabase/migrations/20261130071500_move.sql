-- Everything is brought here from another place, or read to be brought there: rows as they are, with
-- their ids and times. While rows come in, the lease is the mover's, and for so long that no worker
-- begins with half of them: an owner `move in …` that has not expired is a move that is not finished.

-- As before; and what is brought here is no event: its own events come with it.
create or replace function public.note_event() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    if current_setting('atelier.moving', true) = 'on' then
        return null;
    end if;
    insert into public.generation_events (
        generation_id, event, status_before, status_after, version, detail
    )
    values (
        new.id,
        case
            when tg_op = 'INSERT' then 'created'
            else coalesce(nullif(current_setting('atelier.event', true), ''), 'edited')
        end,
        old.status,
        new.status,
        new.version,
        case
            when tg_op = 'INSERT' then ''
            else public.changed_columns(to_jsonb(old), to_jsonb(new))
        end
    );
    return null;
end
$$;

-- As before; and held tells whether a move has it.
create or replace function public.acquire_lease(p_owner text, p_seconds double precision)
returns jsonb
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
            'seconds', ceil(extract(epoch from expires_at - now())),
            'moving', owner like 'move %'
        )
        from public.leases where name = 'worker'
    );
end
$$;

-- Return the column by which the pages of a table go on; null: it has one page.
create function public.number_of(p_table text) returns text
language plpgsql immutable set search_path = ''
as $$
begin
    if p_table not in (
        'generations', 'generation_events', 'favourites',
        'people', 'preferences', 'presets', 'queue_state'
    ) then
        raise exception 'no table that is moved: %', p_table using errcode = 'check_violation';
    end if;
    return case p_table
        when 'generations' then 'seq'
        when 'generation_events' then 'id'
        when 'favourites' then 'number'
        when 'people' then 'user_id'
        when 'preferences' then 'person_id'
    end;
end
$$;

-- Return a page of a table. Numbers are texts, so that no reader rounds them.
create function public.list_rows(p_table text, p_after bigint, p_limit integer) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
    v_number constant text := public.number_of(p_table);
    v_page text := format('select * from public.%I', p_table);
    v_rows jsonb;
begin
    if v_number is not null then
        v_page := v_page || format(' where %1$I > $1 order by %1$I limit $2', v_number);
    end if;
    execute format(
        'select jsonb_agg(to_jsonb(one)%s) from (%s) as one',
        case when v_number is not null then format(' order by %I', v_number) end,
        v_page
    ) into v_rows using p_after, p_limit;
    return (
        select coalesce(jsonb_agg(row.texts order by row.place), '[]')
        from (
            select
                place,
                (
                    select jsonb_object_agg(key, case jsonb_typeof(value)
                        when 'number' then to_jsonb(value #>> '{}') else value
                    end)
                    from jsonb_each(one)
                ) as texts
            from jsonb_array_elements(v_rows) with ordinality as found (one, place)
        ) as row
    );
end
$$;

-- Begin to bring everything here, or begin anew if it was interrupted; what had come then is gone.
-- held: as of `acquire_lease`; already: it is done, and no worker has begun since; not_empty:
-- something is here that this move has not brought.
create function public.begin_move(p_id text) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
    c_owner constant text := 'move in ' || p_id;
    v_held public.leases;
begin
    insert into public.leases (name, owner, fence, expires_at) values ('worker', '', 0, now())
    on conflict (name) do nothing;
    select * into v_held from public.leases where name = 'worker' for update;
    if v_held.expires_at > now() then
        if v_held.owner <> c_owner then
            return public.acquire_lease(c_owner, 0);
        end if;
        truncate
        public.generations, public.generation_events, public.favourites,
        public.people, public.preferences, public.presets;
    elsif exists (select from public.generations)
        or exists (select from public.people)
        or exists (select from public.preferences)
        or exists (select from public.presets)
    then
        return jsonb_build_object(
            'outcome', case when v_held.owner = c_owner then 'already' else 'not_empty' end
        );
    end if;
    update public.leases
    set owner = c_owner, fence = v_held.fence + 1, expires_at = now() + interval '10 years'
    where name = 'worker';
    return jsonb_build_object('outcome', 'done', 'fence', v_held.fence + 1);
end
$$;

-- Tell whether a fence is that of the move, and keep it so until the end of the transaction.
create function public.holds_move(p_fence bigint) returns boolean
language sql set search_path = ''
as $$
    select public.holds_lease(p_fence) and exists (
        select from public.leases where name = 'worker' and owner like 'move in %'
    )
$$;

-- Write rows that `list_rows` or another place has given, with all their columns. A row that is
-- there already stays, as when a call is repeated whose answer was lost.
create function public.write_rows(p_table text, p_rows text, p_fence bigint) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
    v_columns text;
begin
    if not public.holds_move(p_fence) then
        return jsonb_build_object('outcome', 'stale_fence');
    end if;
    perform public.number_of(p_table);
    select string_agg(format('%I', attname), ', ') into v_columns
    from pg_catalog.pg_attribute
    where attrelid = format('public.%I', p_table)::regclass
        and attnum > 0 and not attisdropped and attgenerated = '';
    perform set_config('atelier.moving', 'on', true);
    execute format(
        'insert into public.%1$I (%2$s) overriding system value'
        ' select %2$s from jsonb_populate_recordset(null::public.%1$I, $1)'
        ' on conflict do nothing',
        p_table, v_columns
    ) using p_rows::jsonb;
    perform set_config('atelier.moving', '', true);
    return jsonb_build_object('outcome', 'done');
end
$$;

-- Take over the state of the queue, let new rows be numbered behind these, and the worker begin.
create function public.finish_move(p_state text, p_fence bigint) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
    v_state public.queue_state := jsonb_populate_record(
        null::public.queue_state, p_state::jsonb
    );
begin
    if not public.holds_move(p_fence) then
        return jsonb_build_object('outcome', 'stale_fence');
    end if;
    update public.queue_state
    set last_claimed_turn = v_state.last_claimed_turn,
        paused_since = v_state.paused_since,
        paused_words = v_state.paused_words,
        paused_by = v_state.paused_by,
        handled_message_id = v_state.handled_message_id,
        hang_ups = v_state.hang_ups,
        hung_up_at = v_state.hung_up_at
    where only_row = 1;
    perform setval('public.generations_seq_seq', coalesce(max(seq), 0) + 1, false)
    from public.generations;
    perform setval('public.generation_events_id_seq', coalesce(max(id), 0) + 1, false)
    from public.generation_events;
    perform setval('public.favourites_number_seq', coalesce(max(number), 0) + 1, false)
    from public.favourites;
    update public.leases set expires_at = now() where name = 'worker';
    return jsonb_build_object('outcome', 'done');
end
$$;

revoke execute on function
public.number_of, public.list_rows, public.begin_move, public.holds_move,
public.write_rows, public.finish_move
from public, anon, authenticated, service_role;
grant execute on function
public.list_rows, public.begin_move, public.write_rows, public.finish_move
to service_role;

create or replace function public.atelier_schema_version() returns bigint
language sql immutable set search_path = ''
as $$ select 20261130071500 $$;

-- Supabase's REST server keeps a list of what is there.
notify pgrst, 'reload schema';
