-- Generations, what happened to them, the queue and the lease. What must never be wrong is seen to
-- here, whoever writes. Only ever add to this schema: an older process may be at work on it.

-- Columns named *_url hold the key of a stored picture; its address is composed on reading.
-- A step is what is known of one request to Midjourney and of its picture; ids in it are texts.
create table public.generations (
    seq bigint generated always as identity primary key,
    id uuid not null unique,
    code text not null unique,
    turn bigint not null,
    status text not null default 'queued' check (
        status in (
            'queued', 'submitting', 'submitted', 'grid_completed', 'variations_in_progress',
            'completed', 'failed', 'cancelled', 'needs_attention'
        )
    ),
    progress numeric(4, 1) not null generated always as (
        case
            when status = 'completed' then 100
            when grid_url is not null then 50 + 12.5 * num_nonnulls(
                upscale_1_url, upscale_2_url, upscale_3_url, upscale_4_url
            )
            when status = 'submitted' then 25
            else 0
        end
    ) stored,
    version bigint not null default 1,
    prompt text not null,
    author_id bigint not null,
    author_name text not null,
    guild_id bigint not null,
    channel_id bigint not null,
    command_message_id bigint not null unique,
    status_message_id bigint,
    notice_message_id bigint,
    origin_kind text not null check (
        origin_kind in ('imagine', 'variation', 'reroll', 'adopted')
    ),
    parent_id uuid,
    parent_index smallint,
    wanted jsonb not null check (jsonb_typeof(wanted) = 'array'),
    not_before timestamptz,
    echo text,
    buttons jsonb not null default '[]' check (jsonb_typeof(buttons) = 'array'),
    message_flags bigint not null default 0,
    grid_url text,
    upscale_1_url text,
    upscale_2_url text,
    upscale_3_url text,
    upscale_4_url text,
    grid_step jsonb not null default '{}' check (jsonb_typeof(grid_step) = 'object'),
    upscale_1_step jsonb not null default '{}' check (jsonb_typeof(upscale_1_step) = 'object'),
    upscale_2_step jsonb not null default '{}' check (jsonb_typeof(upscale_2_step) = 'object'),
    upscale_3_step jsonb not null default '{}' check (jsonb_typeof(upscale_3_step) = 'object'),
    upscale_4_step jsonb not null default '{}' check (jsonb_typeof(upscale_4_step) = 'object'),
    error text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    submitted_at timestamptz,
    completed_at timestamptz
);

-- The constant is the same in every row that the index holds: there is room for one.
create unique index one_active on public.generations ((true))
where status in ('submitting', 'submitted', 'grid_completed', 'variations_in_progress');

create index queue on public.generations (turn, seq) where status = 'queued';
create index by_author on public.generations (author_id, seq);
create index by_status on public.generations (status, seq);
create index by_author_and_status on public.generations (author_id, status, seq);

-- Which status may follow which; staying in the same one is always allowed.
create table public.legal_transitions (
    status_before text not null,
    status_after text not null,
    primary key (status_before, status_after)
);

insert into public.legal_transitions (status_before, status_after)
select rule.status_before, unnest(rule.allowed)
from (
    values
    ('queued', array[
        'submitting', 'submitted', 'variations_in_progress',
        'failed', 'cancelled', 'needs_attention'
    ]),
    ('submitting', array['queued', 'submitted', 'failed', 'cancelled', 'needs_attention']),
    ('submitted', array[
        'queued', 'grid_completed', 'completed', 'failed', 'cancelled', 'needs_attention'
    ]),
    ('grid_completed', array[
        'variations_in_progress', 'completed', 'failed', 'cancelled', 'needs_attention'
    ]),
    ('variations_in_progress', array['completed', 'failed', 'cancelled', 'needs_attention']),
    ('completed', array['queued']),
    ('failed', array['queued']),
    ('cancelled', array['queued']),
    ('needs_attention', array['queued', 'failed', 'cancelled'])
) as rule (status_before, allowed);

-- What happened to each generation; it goes only with the generation itself.
create table public.generation_events (
    id bigint generated always as identity primary key,
    generation_id uuid not null references public.generations (id) on delete cascade,
    at timestamptz not null default now(),
    event text not null,
    status_before text,
    status_after text not null,
    version bigint not null,
    detail text not null
);

create index events_of_generation on public.generation_events (generation_id, id);

-- The highest turn that was ever claimed, also when its generation is gone; and the pause of the
-- queue, all null while it runs (`paused_by` also when a stop made it).
create table public.queue_state (
    only_row integer primary key default 1 check (only_row = 1),
    last_claimed_turn bigint not null default 0,
    paused_since timestamptz,
    paused_words text,
    paused_by bigint,
    check ((paused_since is null) = (paused_words is null))
);

insert into public.queue_state default values;

-- The right to act. Its fence only ever grows, and every change names the one it believes in.
create table public.leases (
    name text primary key,
    owner text not null,
    fence bigint not null,
    expires_at timestamptz not null
);

-- Return the names of the columns that differ, without those that are not anybody's to write.
create function public.changed_columns(p_before jsonb, p_after jsonb) returns text
language sql immutable set search_path = ''
as $$
    select coalesce(string_agg(column_name, ' ' order by column_name), '')
    from jsonb_each(p_after) as after (column_name, value)
    where value is distinct from p_before -> column_name
        and column_name not in ('seq', 'turn', 'version', 'progress', 'created_at', 'updated_at')
$$;

-- Keep the rules, and give each change the next version: also those that people make by hand.
create function public.guard_generation() returns trigger
language plpgsql set search_path = ''
as $$
begin
    if new.status <> old.status and not exists (
        select from public.legal_transitions
        where status_before = old.status and status_after = new.status
    ) then
        raise exception 'illegal transition: % must not follow %', new.status, old.status
        using errcode = 'check_violation';
    end if;
    if (old.grid_url is not null and new.grid_url is distinct from old.grid_url)
        or (old.upscale_1_url is not null and new.upscale_1_url is distinct from old.upscale_1_url)
        or (old.upscale_2_url is not null and new.upscale_2_url is distinct from old.upscale_2_url)
        or (old.upscale_3_url is not null and new.upscale_3_url is distinct from old.upscale_3_url)
        or (old.upscale_4_url is not null and new.upscale_4_url is distinct from old.upscale_4_url)
    then
        raise exception 'a stored picture stays' using errcode = 'check_violation';
    end if;
    new.version := old.version + 1;
    new.updated_at := now();
    return new;
end
$$;

create trigger rules_are_kept before update on public.generations
for each row execute function public.guard_generation();

-- Put down what happened. The functions of the bot say what it was; a hand says nothing.
create function public.note_event() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
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

create trigger events_are_noted after insert or update on public.generations
for each row execute function public.note_event();

create function public.keep_event() returns trigger
language plpgsql set search_path = ''
as $$
begin
    if tg_op = 'DELETE' and not exists (
        select from public.generations where id = old.generation_id
    ) then
        return old;
    end if;
    raise exception 'events are append-only' using errcode = 'check_violation';
end
$$;

create trigger events_are_append_only before update or delete on public.generation_events
for each row execute function public.keep_event();

-- The version of the schema is that of the migration that came last; the bot asks for it.
create function public.atelier_schema_version() returns bigint
language sql immutable set search_path = ''
as $$ select 20261122210000 $$;

-- Nobody but the key of the server may look, and that one changes things by functions alone.
alter table public.generations enable row level security;
alter table public.generation_events enable row level security;
alter table public.legal_transitions enable row level security;
alter table public.queue_state enable row level security;
alter table public.leases enable row level security;

revoke all on
public.generations, public.generation_events, public.legal_transitions,
public.queue_state, public.leases
from public, anon, authenticated, service_role;
revoke all on sequence public.generations_seq_seq, public.generation_events_id_seq
from public, anon, authenticated, service_role;
grant select on
public.generations, public.generation_events, public.legal_transitions,
public.queue_state, public.leases
to service_role;

revoke execute on function
public.changed_columns, public.guard_generation, public.note_event, public.keep_event,
public.atelier_schema_version
from public, anon, authenticated, service_role;
grant execute on function public.atelier_schema_version to service_role;
