-- Which assessment an MCP tool is about. Runs as the caller: the policies choose whose. What does not fit comes as words, not as an
-- error, because the model can act on them.
create or replace function a2o.choose_assessment(reference text default null, out chosen uuid, out message text)
  language plpgsql stable as $$
declare
  newest record;
  hint text;
begin
  if reference is not null then
    begin
      chosen := a2o.resolve_assessment(reference);
    exception when sqlstate 'A2O15' or sqlstate 'A2O16' then
      get stacked diagnostics message = message_text, hint = pg_exception_hint;
      message := upper(left(message, 1)) || substr(message, 2) || '. '
        || case when sqlstate = 'A2O16' then hint || '. Give the id of one.' else 'list_assessments names those there are; without assessment_id the newest one answers.' end;
    end;
    return;
  end if;
  select count(*) as count, (array_agg(n.id))[1] as id,
    string_agg(format('%s (%s in %s)', n.id, n.aws_account_id, n.region), ', ' order by n.aws_account_id, n.region) filter (where n.place <= 20) as choices
  into newest
  from (select a.id, a.aws_account_id, a.region, row_number() over (order by a.aws_account_id, a.region) as place from a2o.newest_assessments a) as n;
  if newest.count = 1 then
    chosen := newest.id;
  elsif newest.count = 0 then
    message := 'Nothing has been assessed that you may read. Run `aws2openstack assess glue-catalog`, or ask for access to an account.';
  else
    message := format('There are assessments of %s accounts and regions; say which one with assessment_id: %s%s.', newest.count, newest.choices,
      case when newest.count > 20 then ', … (list_assessments names all)' else '' end);
  end if;
end
$$;
comment on function a2o.choose_assessment(text) is E'@behavior -*\nThe assessment a question is about: the one named, or the newest when there is one account and region; else message says why none, with the choices.';
revoke all on function a2o.choose_assessment(text) from public;
grant execute on function a2o.choose_assessment(text) to a2o_reader;

create or replace function a2o.suggest_databases(assessment_id uuid, database_name text) returns text
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
-- Definer, to find the schema that pg_trgm is in and to compare names without the policies; it checks the account first.
declare
  trigrams text := (select quote_ident(n.nspname) from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm');
  near text;
begin
  perform a2o_private.readable_assessment(assessment_id);
  execute format($sql$
    select string_agg(quote_ident(d.database_name), ', ')
    from (
      select d.database_name from a2o.databases d where d.assessment_id = $1
      order by lower(d.database_name) = lower($2) desc, position(lower(left($2, 100)) in lower(d.database_name)) > 0 desc,
        %s.similarity(d.database_name, left($2, 100)) desc, d.database_name
      limit 5) as d $sql$, trigrams) using assessment_id, database_name into near;
  return format('There is no database %s in this assessment.', quote_literal(left(database_name, 100)))
    || coalesce(' The nearest names: ' || near || '.', ' It has no databases at all; get_coverage says what could be read.');
end
$$;
comment on function a2o.suggest_databases(uuid, text) is E'@behavior -*\nA sentence for whoever named a database that an assessment does not have: the names most like it. Error: A2O12 no such assessment.';
revoke all on function a2o.suggest_databases(uuid, text) from public;
grant execute on function a2o.suggest_databases(uuid, text) to a2o_reader;
