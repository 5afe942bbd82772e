-- As before; and a grid that a person made by hand is there from the start, in the same transaction as
-- its command. An older process, which still may be at work, says nothing of grids.
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
    return public.outcome(case when found then 'already' else 'conflict' end, v_row);
end
$$;

create or replace function public.atelier_schema_version() returns bigint
language sql immutable set search_path = ''
as $$ select 20261128100000 $$;

-- Supabase's REST server keeps a list of what is there.
notify pgrst, 'reload schema';
