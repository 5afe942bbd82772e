-- The changes of a generation. Each one checks the fence, changes the row and returns
-- `{outcome, row}`: done; already (it had been done before); conflict (the row is not as expected,
-- or another one is active); stale_fence, without a row (another process holds the lease).

-- A row as JSON that every reader can hold: JavaScript rounds numbers beyond 2^53, so Discord's
-- ids are texts.
create function public.as_json(p_row public.generations) returns jsonb
language sql stable set search_path = ''
as $$
    select to_jsonb(p_row) || jsonb_build_object(
        'author_id', p_row.author_id::text,
        'guild_id', p_row.guild_id::text,
        'channel_id', p_row.channel_id::text,
        'command_message_id', p_row.command_message_id::text,
        'status_message_id', p_row.status_message_id::text,
        'notice_message_id', p_row.notice_message_id::text
    )
$$;

create function public.outcome(p_outcome text, p_row public.generations default null)
returns jsonb
language sql stable set search_path = ''
as $$
    select jsonb_build_object(
        'outcome', p_outcome,
        'row', case when p_row.seq is not null then public.as_json(p_row) end
    )
$$;

create function public.active_generation() returns public.generations
language sql stable set search_path = ''
as $$
    select generations from public.generations
    where status in ('submitting', 'submitted', 'grid_completed', 'variations_in_progress')
$$;

-- Write every column that anybody may write, and name the event.
create function public.write_generation(p_after public.generations, p_event text)
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

-- Accept a command: a queued row, whose turn makes people alternate.
-- already: with the row of that message; conflict: another command has its id or code.
create function public.accept_command(p_command text, p_fence bigint) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
    v_new public.generations := jsonb_populate_record(
        null::public.generations, p_command::jsonb
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
        command_message_id, origin_kind, parent_id, parent_index, wanted
    )
    values (
        v_new.id, v_new.code, v_new.turn, v_new.prompt, v_new.author_id, v_new.author_name,
        v_new.guild_id, v_new.channel_id, v_new.command_message_id, v_new.origin_kind,
        v_new.parent_id, v_new.parent_index, v_new.wanted
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

-- Make the first waiting generation active, in the status of its first missing step.
-- already: with the one that is active; conflict: nothing waits that may start at that time.
create function public.claim_next(p_now timestamptz, p_fence bigint) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
    v_row public.generations;
begin
    if not public.holds_lease(p_fence) then
        return public.outcome('stale_fence');
    end if;
    v_row := public.active_generation();
    if v_row.seq is not null then
        return public.outcome('already', v_row);
    end if;
    -- Never SKIP LOCKED: who skips the first in the queue would let the second go first.
    select * into v_row from public.generations
    where status = 'queued' and (not_before is null or not_before <= p_now)
    order by turn, seq limit 1
    for update;
    if not found then
        return public.outcome('conflict');
    end if;
    update public.queue_state set last_claimed_turn = greatest(last_claimed_turn, v_row.turn)
    where only_row = 1;
    v_row.status := case
        when v_row.grid_url is not null then 'variations_in_progress'
        when v_row.grid_step ->> 'accepted_at' is not null then 'submitted'
        else 'submitting'
    end;
    return public.outcome('done', public.write_generation(v_row, 'claimed'));
exception
    when unique_violation then  -- somebody makes one active by hand at this moment
        return public.outcome('conflict');
end
$$;

-- Return a row's columns with every picture that is stored already, whatever they say of it.
create function public.with_stored_pictures(p_now jsonb, p_after jsonb) returns jsonb
language plpgsql immutable set search_path = ''
as $$
declare
    c_facts constant text[] := array['sha256', 'size', 'width', 'height', 'stored_at'];
    v_url text;
    v_step text;
begin
    foreach v_url in array array[
        'grid_url', 'upscale_1_url', 'upscale_2_url', 'upscale_3_url', 'upscale_4_url'
    ] loop
        v_step := replace(v_url, '_url', '_step');
        if p_now ->> v_url is not null then
            p_after := p_after || jsonb_build_object(
                v_url, p_now -> v_url,
                v_step, (p_after -> v_step) - c_facts || (
                    select jsonb_object_agg(key, value)
                    from jsonb_each(p_now -> v_step) where key = any(c_facts)
                )
            );
        end if;
    end loop;
    return p_after;
end
$$;

-- Apply a transition to the row that is still in that status and version.
-- already: the row is as wanted, as when a call is repeated whose answer was lost.
create function public.apply_transition(
    p_status text, p_version bigint, p_after text, p_event text, p_fence bigint
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
    v_columns jsonb := p_after::jsonb;
    v_row public.generations;
    v_after public.generations;
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
    if v_row.status <> p_status or v_row.version <> p_version then
        return public.outcome('conflict', v_row);
    end if;
    return public.outcome('done', public.write_generation(v_after, p_event));
exception
    when unique_violation then  -- another one is active
        return public.outcome('conflict', v_row);
end
$$;

-- Return a row in the status that its stored and given-up pictures imply.
create function public.settled(p_row public.generations, p_now timestamptz)
returns public.generations
language plpgsql stable set search_path = ''
as $$
declare
    v_columns jsonb := to_jsonb(p_row);
    v_missing integer;
    v_problems text[];
begin
    if p_row.grid_url is null or p_row.status not in (
        'submitting', 'submitted', 'grid_completed', 'variations_in_progress'
    ) then
        return p_row;
    end if;
    select
        count(*),
        array_agg(v_columns -> format('upscale_%s_step', number) ->> 'problem' order by place)
    into v_missing, v_problems
    from jsonb_array_elements_text(p_row.wanted) with ordinality as slot (number, place)
    where v_columns ->> format('upscale_%s_url', number) is null;
    if v_missing = 0 then
        p_row.status := 'completed';
        p_row.completed_at := p_now;
    elsif array_position(v_problems, null) is null then
        p_row.status := 'failed';
        p_row.error := v_problems[1];
    elsif p_row.status = 'submitted' then
        p_row.status := 'grid_completed';
    end if;
    return p_row;
end
$$;

-- Record the picture of a slot (`grid`, `upscale_1` …); the first one stays. The row moves on by
-- itself, if it is active.
create function public.record_picture(
    p_id uuid, p_slot text, p_key text, p_facts text, p_fence bigint
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
    v_row public.generations;
    v_columns jsonb;
begin
    if not public.holds_lease(p_fence) then
        return public.outcome('stale_fence');
    end if;
    select * into v_row from public.generations where id = p_id for update;
    v_columns := to_jsonb(v_row);
    if v_row.seq is null or v_columns ->> (p_slot || '_url') is not null then
        return public.outcome(case when v_row.seq is null then 'conflict' else 'already' end, v_row);
    end if;
    v_row := jsonb_populate_record(v_row, jsonb_build_object(
        p_slot || '_url', p_key,
        p_slot || '_step', (v_columns -> (p_slot || '_step')) - 'problem' || p_facts::jsonb
    ));
    v_row := public.settled(v_row, (p_facts::jsonb ->> 'stored_at')::timestamptz);
    return public.outcome('done', public.write_generation(v_row, 'picture_stored'));
end
$$;

revoke execute on function
public.as_json, public.outcome, public.active_generation, public.write_generation,
public.accept_command, public.claim_next, public.with_stored_pictures, public.apply_transition,
public.settled, public.record_picture
from public, anon, authenticated, service_role;
grant execute on function
public.accept_command, public.claim_next, public.apply_transition, public.record_picture
to service_role;

create or replace function public.atelier_schema_version() returns bigint
language sql immutable set search_path = ''
as $$ select 20261122210200 $$;
