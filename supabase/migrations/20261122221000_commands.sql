-- The commands of people: up to which message they are handled, who may give them, how much of what
-- they asked for waits. Whatever a command does, the mark moves in the same transaction: also when
-- it had been done before, but not when nothing was done (conflict, stale_fence).

-- The latest command message that was handled; null before the first.
alter table public.queue_state add column handled_message_id bigint;

-- Who was allowed or denied by command, and by whom.
create table public.people (
    user_id bigint primary key,
    allowed boolean not null,
    by_id bigint not null,
    since timestamptz not null
);

create index by_author_and_time on public.generations (author_id, created_at);

-- Move the mark, which only ever grows, and tell whether it had to move.
create function public.move_mark(p_message_id bigint) returns boolean
language plpgsql set search_path = ''
as $$
begin
    update public.queue_state set handled_message_id = p_message_id
    where only_row = 1 and coalesce(handled_message_id < p_message_id, true);
    return found;
end
$$;

-- Return an answer, after the mark has moved if that says that a command is handled.
create function public.marked(p_answer jsonb, p_message_id bigint) returns jsonb
language plpgsql set search_path = ''
as $$
begin
    if p_answer ->> 'outcome' in ('done', 'already') then
        perform public.move_mark(p_message_id);
    end if;
    return p_answer;
end
$$;

create function public.set_mark(p_message_id bigint, p_fence bigint) returns jsonb
language plpgsql security definer set search_path = ''
as $$
begin
    if not public.holds_lease(p_fence) then
        return jsonb_build_object('outcome', 'stale_fence');
    end if;
    return jsonb_build_object(
        'outcome', case when public.move_mark(p_message_id) then 'done' else 'already' end
    );
end
$$;

create function public.get_mark() returns jsonb
language sql stable security definer set search_path = ''
as $$
    select jsonb_build_object('message_id', handled_message_id::text) from public.queue_state
$$;

-- As before; and the mark moves.
alter function public.accept_command(text, bigint) rename to queue_command;

create function public.accept_command(p_command text, p_fence bigint) returns jsonb
language sql security definer set search_path = ''
as $$
    select public.marked(
        public.queue_command(p_command, p_fence),
        (p_command::jsonb ->> 'command_message_id')::bigint
    )
$$;

-- The same changes as without a command, which have names of their own: the REST server could not
-- tell two forms of one function apart.
create function public.apply_transition_by_command(
    p_status text, p_version bigint, p_after text, p_event text, p_fence bigint, p_command bigint
) returns jsonb
language sql security definer set search_path = ''
as $$
    select public.marked(
        public.apply_transition(p_status, p_version, p_after, p_event, p_fence), p_command
    )
$$;

create function public.set_pause_by_command(p_pause text, p_fence bigint, p_command bigint)
returns jsonb
language sql security definer set search_path = ''
as $$
    select public.marked(public.set_pause(p_pause, p_fence), p_command)
$$;

-- Allow or deny somebody with `{user_id, allowed, by_id, since}`; already: that was so, and stays.
create function public.set_person(p_person text, p_fence bigint, p_command bigint) returns jsonb
language plpgsql security definer set search_path = ''
as $$
begin
    if not public.holds_lease(p_fence) then
        return jsonb_build_object('outcome', 'stale_fence');
    end if;
    insert into public.people as known (user_id, allowed, by_id, since)
    select user_id, allowed, by_id, since
    from jsonb_populate_record(null::public.people, p_person::jsonb)
    on conflict (user_id) do update
    set allowed = excluded.allowed, by_id = excluded.by_id, since = excluded.since
    where known.allowed <> excluded.allowed;
    return public.marked(
        jsonb_build_object('outcome', case when found then 'done' else 'already' end), p_command
    );
end
$$;

create function public.list_people() returns jsonb
language sql stable security definer set search_path = ''
as $$
    select coalesce(
        jsonb_agg(
            jsonb_build_object(
                'user_id', user_id::text,
                'allowed', allowed,
                'by_id', by_id::text,
                'since', since
            )
            order by user_id
        ),
        '[]'
    )
    from public.people
$$;

-- Return the first that wait, in the order in which they will be claimed.
create function public.list_queue(p_limit integer) returns jsonb
language sql stable security definer
set search_path = '' set jit = off set enable_sort = off set enable_incremental_sort = off
as $$
    with first as (
        select turn, seq, one from public.generations as one
        where one.status = 'queued'
        order by turn, seq limit p_limit
    )
    select coalesce(jsonb_agg(public.as_json(first.one) order by turn, seq), '[]') from first
$$;

-- Return how many wait, in all and of a person, and how many that person asked for since a time, and
-- when last. Each number stops at the limit, so that no question gets longer with the table.
create function public.get_load(p_author_id bigint, p_since timestamptz, p_limit integer)
returns jsonb
language sql stable security definer
set search_path = '' set jit = off set enable_sort = off set enable_incremental_sort = off
as $$
    with waiting as (
        select from public.generations
        where status = 'queued'
        order by turn, seq limit p_limit
    ),
    own_waiting as (
        select from public.generations
        where author_id = p_author_id and status = 'queued'
        order by seq limit p_limit
    ),
    lately as (
        select created_at from public.generations
        where author_id = p_author_id and created_at >= p_since
        order by created_at desc limit p_limit
    )
    select jsonb_build_object(
        'waiting', (select count(*) from waiting),
        'own_waiting', (select count(*) from own_waiting),
        'own_lately', (select count(*) from lately),
        'own_last', (select max(created_at) from lately)
    )
$$;

alter table public.people enable row level security;
revoke all on public.people from public, anon, authenticated, service_role;
grant select on public.people to service_role;

revoke execute on function
public.move_mark, public.marked, public.set_mark, public.get_mark,
public.queue_command, public.accept_command,
public.apply_transition_by_command, public.set_pause_by_command,
public.set_person, public.list_people, public.list_queue, public.get_load
from public, anon, authenticated, service_role;
grant execute on function
public.set_mark, public.get_mark, public.accept_command,
public.apply_transition_by_command, public.set_pause_by_command,
public.set_person, public.list_people, public.list_queue, public.get_load
to service_role;

create or replace function public.atelier_schema_version() returns bigint
language sql immutable set search_path = ''
as $$ select 20261122221000 $$;

-- Supabase's REST server keeps a list of what is there.
notify pgrst, 'reload schema';
