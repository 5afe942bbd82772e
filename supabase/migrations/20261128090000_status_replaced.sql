-- Whether somebody has deleted a generation's status message, and it was put up again: once is enough.
alter table public.generations add column status_replaced boolean not null default false;

-- Write every column that anybody may write, and name the event.
create or replace function public.write_generation(p_after public.generations, p_event text)
returns public.generations
language plpgsql set search_path = ''
as $$
declare
    v_row public.generations;
begin
    perform set_config('atelier.event', p_event, true);
    update public.generations
    set status = p_after.status,
        prompt = p_after.prompt,
        author_id = p_after.author_id,
        author_name = p_after.author_name,
        guild_id = p_after.guild_id,
        channel_id = p_after.channel_id,
        command_message_id = p_after.command_message_id,
        code = p_after.code,
        status_message_id = p_after.status_message_id,
        status_replaced = p_after.status_replaced,
        notice_message_id = p_after.notice_message_id,
        origin_kind = p_after.origin_kind,
        parent_id = p_after.parent_id,
        parent_index = p_after.parent_index,
        wanted = p_after.wanted,
        not_before = p_after.not_before,
        echo = p_after.echo,
        buttons = p_after.buttons,
        message_flags = p_after.message_flags,
        grid_url = p_after.grid_url,
        upscale_1_url = p_after.upscale_1_url,
        upscale_2_url = p_after.upscale_2_url,
        upscale_3_url = p_after.upscale_3_url,
        upscale_4_url = p_after.upscale_4_url,
        grid_step = p_after.grid_step,
        upscale_1_step = p_after.upscale_1_step,
        upscale_2_step = p_after.upscale_2_step,
        upscale_3_step = p_after.upscale_3_step,
        upscale_4_step = p_after.upscale_4_step,
        error = p_after.error,
        submitted_at = p_after.submitted_at,
        completed_at = p_after.completed_at
    where seq = p_after.seq
    returning * into v_row;
    perform set_config('atelier.event', '', true);
    return v_row;
end
$$;

create or replace function public.atelier_schema_version() returns bigint
language sql immutable set search_path = ''
as $$ select 20261128090000 $$;

-- Supabase's REST server keeps a list of what is there.
notify pgrst, 'reload schema';
