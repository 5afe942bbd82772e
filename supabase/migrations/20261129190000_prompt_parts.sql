-- Parts of prompts: parameters that a person prefers, and words of a channel under a name.
create table public.preferences (
    person_id bigint primary key,
    parameters text not null,
    since timestamptz not null default now()
);

-- `name` is in lower case; `by_id` is whoever made it first.
create table public.presets (
    channel_id bigint not null,
    name text not null,
    words text not null,
    by_id bigint not null,
    by_name text not null,
    since timestamptz not null default now(),
    primary key (channel_id, name)
);

-- Keep what a person prefers, or nothing; already: that was so.
create function public.set_preference(
    p_person_id bigint, p_parameters text, p_fence bigint, p_command bigint
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
begin
    if not public.holds_lease(p_fence) then
        return jsonb_build_object('outcome', 'stale_fence');
    end if;
    if p_parameters = '' then
        delete from public.preferences where person_id = p_person_id;
    else
        insert into public.preferences as known (person_id, parameters)
        values (p_person_id, p_parameters)
        on conflict (person_id) do update
        set parameters = excluded.parameters, since = excluded.since
        where known.parameters <> excluded.parameters;
    end if;
    return public.marked(
        jsonb_build_object('outcome', case when found then 'done' else 'already' end), p_command
    );
end
$$;

create function public.list_preferences() returns jsonb
language sql stable security definer set search_path = ''
as $$
    select coalesce(
        jsonb_agg(
            jsonb_build_object('person_id', person_id::text, 'parameters', parameters)
            order by person_id
        ),
        '[]'
    )
    from public.preferences
$$;

-- Keep a preset with `{channel_id, name, words, by_id, by_name}`, or take it away if it has no
-- words; already: that was so. Its first author stays.
create function public.set_preset(p_preset text, p_fence bigint, p_command bigint) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
    v_wanted public.presets := jsonb_populate_record(null::public.presets, p_preset::jsonb);
begin
    if not public.holds_lease(p_fence) then
        return jsonb_build_object('outcome', 'stale_fence');
    end if;
    if v_wanted.words = '' then
        delete from public.presets
        where channel_id = v_wanted.channel_id and name = v_wanted.name;
    else
        insert into public.presets as known (channel_id, name, words, by_id, by_name)
        values (
            v_wanted.channel_id, v_wanted.name, v_wanted.words, v_wanted.by_id, v_wanted.by_name
        )
        on conflict (channel_id, name) do update
        set words = excluded.words, since = excluded.since
        where known.words <> excluded.words;
    end if;
    return public.marked(
        jsonb_build_object('outcome', case when found then 'done' else 'already' end), p_command
    );
end
$$;

create function public.list_presets(p_channel_id bigint) returns jsonb
language sql stable security definer set search_path = ''
as $$
    select coalesce(
        jsonb_agg(
            jsonb_build_object(
                'channel_id', channel_id::text,
                'name', name,
                'words', words,
                'by_id', by_id::text,
                'by_name', by_name
            )
            order by name collate "C"
        ),
        '[]'
    )
    from public.presets where channel_id = p_channel_id
$$;

alter table public.preferences enable row level security;
alter table public.presets enable row level security;
revoke all on public.preferences, public.presets from public, anon, authenticated, service_role;
grant select on public.preferences, public.presets to service_role;

revoke execute on function
public.set_preference, public.list_preferences, public.set_preset, public.list_presets
from public, anon, authenticated, service_role;
grant execute on function
public.set_preference, public.list_preferences, public.set_preset, public.list_presets
to service_role;

create or replace function public.atelier_schema_version() returns bigint
language sql immutable set search_path = ''
as $$ select 20261129190000 $$;

-- Supabase's REST server keeps a list of what is there.
notify pgrst, 'reload schema';
