-- A grid that cannot be stored costs no upscale: the row goes on without it, and ends when each wanted
-- picture is stored or given up.
create or replace function public.settled(p_row public.generations, p_now timestamptz)
returns public.generations
language plpgsql stable set search_path = ''
as $$
declare
    v_columns jsonb := to_jsonb(p_row);
    v_missing integer;
    v_problems text[];
begin
    if p_row.status not in (
        'submitting', 'submitted', 'grid_completed', 'variations_in_progress'
    ) or (p_row.grid_url is null and p_row.grid_step ->> 'problem' is null) then
        return p_row;
    end if;
    select
        count(*),
        array_agg(v_columns -> (picture || '_step') ->> 'problem' order by place)
    into v_missing, v_problems
    from (
        select 'grid' as picture, 0::bigint as place
        union all
        select format('upscale_%s', number), slot.place
        from jsonb_array_elements_text(p_row.wanted) with ordinality as slot (number, place)
    ) as pictures
    where v_columns ->> (picture || '_url') is null;
    if v_missing = 0 then
        p_row.status := 'completed';
        p_row.completed_at := p_now;
    elsif array_position(v_problems, null) is null then
        p_row.status := 'failed';
        p_row.error := v_problems[1];
    elsif p_row.status = 'submitted' and p_row.grid_url is not null then
        p_row.status := 'grid_completed';
    end if;
    return p_row;
end
$$;

create or replace function public.atelier_schema_version() returns bigint
language sql immutable set search_path = ''
as $$ select 20261129060000 $$;

-- Supabase's REST server keeps a list of what is there.
notify pgrst, 'reload schema';
