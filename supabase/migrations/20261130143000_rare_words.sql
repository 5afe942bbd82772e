-- Return a page of those whose prompts have all words of a query, the newest first.
--
-- Frequent words would find most of the table: what has them is soon found among the newest rows. Only
-- if these are too few, the index is asked, and only for the words that are rare among the newest: for
-- a frequent one it would read the places of all rows that have it, also beside a rare one. (`seq + 0`
-- keeps the planner from going backwards through the table until it has found enough, `prompt || ''`
-- from asking the index for all words.)
create or replace function public.search_generations(
    p_channel_id bigint, p_query text, p_offset integer, p_limit integer
) returns jsonb
language sql stable security definer set search_path = '' set jit = off
as $$
    with newest as materialized (
        select seq, to_tsvector('pg_catalog.simple', prompt) as words
        from (
            select seq, channel_id, prompt from public.generations
            order by seq desc limit 300 + 3 * p_offset
        ) as row
        where channel_id = p_channel_id
    ),
    near as (
        select seq from newest where words @@ to_tsquery('pg_catalog.simple', p_query)
        order by seq desc limit p_offset + p_limit
    ),
    rare as (
        select word from unnest(string_to_array(p_query, ' & ')) as word
        where (
            select count(*) filter (where words @@ to_tsquery('pg_catalog.simple', word)) < count(*) / 10.0
            from newest
        )
    ),
    far as (
        select seq from public.generations
        where (select count(*) from near) < p_offset + p_limit
            and channel_id = p_channel_id
            and to_tsvector('pg_catalog.simple', prompt)
            @@ to_tsquery(
                'pg_catalog.simple',
                (select coalesce(string_agg(word, ' & '), p_query) from rare)
            )
            and to_tsvector('pg_catalog.simple', prompt || '')
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

create or replace function public.atelier_schema_version() returns bigint
language sql immutable set search_path = ''
as $$ select 20261130143000 $$;

-- Supabase's REST server keeps a list of what is there.
notify pgrst, 'reload schema';
