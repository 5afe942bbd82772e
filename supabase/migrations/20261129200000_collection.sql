-- Searching in prompts, one at random, and what a month was like.
create index prompt_words on public.generations
using gin (to_tsvector('pg_catalog.simple', prompt));
create index finished on public.generations (channel_id, seq)
where status = 'completed' and archiving_at is null;
create index by_channel_and_time on public.generations (channel_id, created_at);

-- Return a page of those whose prompts match a query, the newest first. The index has no order, so
-- that frequent words would find most of the table: these are soon found among the newest rows, and
-- the index is asked only for what is rare there. (`seq + 0` keeps the planner from going backwards
-- through the table until it has found enough.)
create function public.search_generations(
    p_channel_id bigint, p_query text, p_offset integer, p_limit integer
) returns jsonb
language sql stable security definer set search_path = '' set jit = off
as $$
    with newest as (
        select seq, channel_id, prompt from public.generations
        order by seq desc limit 300 + 3 * p_offset
    ),
    near as (
        select seq from newest
        where channel_id = p_channel_id
            and to_tsvector('pg_catalog.simple', prompt)
            @@ to_tsquery('pg_catalog.simple', p_query)
        order by seq desc limit p_offset + p_limit
    ),
    far as (
        select seq from public.generations
        where (select count(*) from near) < p_offset + p_limit
            and channel_id = p_channel_id
            and to_tsvector('pg_catalog.simple', prompt)
            @@ to_tsquery('pg_catalog.simple', p_query)
        order by seq + 0 desc limit p_offset + p_limit
    ),
    page as (
        select seq from near union select seq from far
        order by seq desc offset p_offset limit p_limit
    )
    select coalesce(jsonb_agg(public.as_json(one) order by one.seq desc), '[]')
    from page inner join public.generations as one using (seq)
$$;

-- Return one that is completed and not deleted, from 0 for the oldest to (less than) 1 for the newest.
create function public.draw_generation(p_channel_id bigint, p_at double precision) returns jsonb
language sql stable security definer
set search_path = '' set jit = off set enable_sort = off
as $$
    with ends as (
        select
            (
                select seq from public.generations
                where channel_id = p_channel_id and status = 'completed' and archiving_at is null
                order by channel_id, seq limit 1
            ) as first,
            (
                select seq from public.generations
                where channel_id = p_channel_id and status = 'completed' and archiving_at is null
                order by channel_id desc, seq desc limit 1
            ) as last
    )
    select public.as_json(one) from public.generations as one
    where channel_id = p_channel_id and status = 'completed' and archiving_at is null
        and seq >= (select first + floor(p_at * (last - first + 1))::bigint from ends)
    order by channel_id, seq limit 1
$$;

-- Return what was asked for from one time until before another: rows of statuses, problems and people,
-- each with its count, and the waits in seconds.
create function public.get_statistics(
    p_channel_id bigint, p_since timestamptz, p_until timestamptz, p_people integer
) returns jsonb
language sql stable security definer set search_path = '' set jit = off
as $$
    with asked as (
        select
            author_id, author_name, status, error,
            greatest(0, extract(epoch from submitted_at - created_at)) as waited,
            submitted_at
        from public.generations
        where channel_id = p_channel_id and created_at >= p_since and created_at < p_until
    ),
    statuses as (select status, count(*) as count from asked group by status),
    problems as (
        select split_part(error, ': ', 1) as kind, count(*) as count from asked
        where status in ('failed', 'needs_attention') and error is not null
        group by kind
    ),
    people as (
        select max(author_name) as name, count(*) as count, count(*) over () as people, author_id
        from asked group by author_id
        order by count desc, author_id limit p_people
    )
    select jsonb_build_object(
        'statuses', (select coalesce(jsonb_agg(statuses), '[]') from statuses),
        'problems', (select coalesce(jsonb_agg(problems), '[]') from problems),
        'people', (
            select coalesce(
                jsonb_agg(
                    jsonb_build_object('name', name, 'count', count, 'people', people)
                    order by count desc, author_id
                ),
                '[]'
            )
            from people
        ),
        'waited', (
            select jsonb_build_object('average', avg(waited), 'longest', max(waited))
            from asked where submitted_at is not null
        )
    )
$$;

revoke execute on function
public.search_generations, public.draw_generation, public.get_statistics
from public, anon, authenticated, service_role;
grant execute on function
public.search_generations, public.draw_generation, public.get_statistics
to service_role;

create or replace function public.atelier_schema_version() returns bigint
language sql immutable set search_path = ''
as $$ select 20261129200000 $$;

-- Supabase's REST server keeps a list of what is there.
notify pgrst, 'reload schema';
