-- A grid in the channel belongs to one generation. Where more than one had it before, all of them keep
-- it with their pictures, but it counts as the oldest one's; the others are marked as copies.
alter table public.generations add column grid_copy bigint not null default 0;

-- They have not changed otherwise: no new version, no event, and no end that is news.
alter table public.generations disable trigger user;

update public.generations as one set grid_copy = found.older
from (
    select
        seq,
        row_number() over (partition by grid_step ->> 'message_id' order by seq) - 1 as older
    from public.generations
    where grid_step ->> 'message_id' is not null
) as found
where one.seq = found.seq and found.older > 0;

alter table public.generations enable trigger user;

drop index public.by_grid_message;
create unique index one_grid on public.generations ((grid_step ->> 'message_id'), grid_copy);

create or replace function public.get_generation_of_grid(p_message_id text) returns jsonb
language sql stable security definer set search_path = ''
as $$
    select public.as_json(generations) from public.generations
    where grid_step ->> 'message_id' = p_message_id
    order by grid_copy limit 1
$$;

-- As before; and grid_taken, with the row that has it, for the grid of another one.
create or replace function public.queue_command(p_command text, p_fence bigint) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
    c_nothing_yet constant jsonb := jsonb_build_object(
        'buttons', '[]'::jsonb, 'message_flags', 0, 'grid_step', '{}'::jsonb,
        'upscale_1_step', '{}'::jsonb, 'upscale_2_step', '{}'::jsonb,
        'upscale_3_step', '{}'::jsonb, 'upscale_4_step', '{}'::jsonb
    );
    v_new public.generations := jsonb_populate_record(
        null::public.generations, c_nothing_yet || p_command::jsonb
    );
    v_row public.generations;
begin
    if not public.holds_lease(p_fence) then
        return public.outcome('stale_fence');
    end if;
    select 1 + greatest(
        (select last_claimed_turn from public.queue_state),
        (
            select turn from public.generations
            where (author_id, seq) > (v_new.author_id, 0)
                and (author_id, seq) < (v_new.author_id + 1, 0)
            order by author_id desc, seq desc limit 1
        )
    ) into v_new.turn;
    insert into public.generations (
        id, code, turn, prompt, author_id, author_name, guild_id, channel_id,
        command_message_id, origin_kind, parent_id, parent_index, wanted,
        echo, buttons, message_flags,
        grid_step, upscale_1_step, upscale_2_step, upscale_3_step, upscale_4_step
    )
    values (
        v_new.id, v_new.code, v_new.turn, v_new.prompt, v_new.author_id, v_new.author_name,
        v_new.guild_id, v_new.channel_id, v_new.command_message_id, v_new.origin_kind,
        v_new.parent_id, v_new.parent_index, v_new.wanted,
        v_new.echo, v_new.buttons, v_new.message_flags, v_new.grid_step, v_new.upscale_1_step,
        v_new.upscale_2_step, v_new.upscale_3_step, v_new.upscale_4_step
    )
    on conflict do nothing
    returning * into v_row;
    if found then
        return public.outcome('done', v_row);
    end if;
    select * into v_row from public.generations
    where command_message_id = v_new.command_message_id;
    if found then
        return public.outcome('already', v_row);
    end if;
    select * into v_row from public.generations
    where grid_step ->> 'message_id' = v_new.grid_step ->> 'message_id'
    order by grid_copy limit 1;
    return public.outcome(case when found then 'grid_taken' else 'conflict' end, v_row);
end
$$;

-- As before; and grid_taken, with the row that has it, for the grid of another one.
create or replace function public.apply_transition(
    p_status text, p_version bigint, p_after text, p_event text, p_fence bigint
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
    v_columns jsonb := p_after::jsonb;
    v_row public.generations;
    v_after public.generations;
    v_rule text;
    v_holder public.generations;
begin
    if not public.holds_lease(p_fence) then
        return public.outcome('stale_fence');
    end if;
    select * into v_row from public.generations where id = (v_columns ->> 'id')::uuid for update;
    if not found then
        return public.outcome('conflict');
    end if;
    v_after := jsonb_populate_record(
        v_row, public.with_stored_pictures(to_jsonb(v_row), v_columns)
    );
    if public.changed_columns(to_jsonb(v_row), to_jsonb(v_after)) = '' then
        return public.outcome('already', v_row);
    end if;
    if v_row.status <> p_status or v_row.version <> p_version or (
        v_after.status <> v_row.status
        and coalesce(v_row.archiving_at, v_row.archived_at) is not null
    ) then
        return public.outcome('conflict', v_row);
    end if;
    return public.outcome('done', public.write_generation(v_after, p_event));
exception
    when unique_violation then
        get stacked diagnostics v_rule = constraint_name;
        if v_rule = 'one_grid' then
            select * into v_holder from public.generations
            where grid_step ->> 'message_id' = v_after.grid_step ->> 'message_id'
            order by grid_copy limit 1;
            return public.outcome('grid_taken', v_holder);
        end if;
        return public.outcome('conflict', v_row);  -- another one is active
end
$$;

create or replace function public.atelier_schema_version() returns bigint
language sql immutable set search_path = ''
as $$ select 20261129113000 $$;

-- Supabase's REST server keeps a list of what is there.
notify pgrst, 'reload schema';
