-- Searches and comparisons check the account once and then read without policies: LIKE and the comparison of numerics are not
-- leakproof, so under a policy they could use no index. What follows says for them what the policies say.

-- SET ROLE shows in this setting even inside a definer, where current_user is the owner; it cannot be set to a role one lacks.
create or replace function a2o_private.asking_role() returns name
  language sql stable
  return coalesce(nullif(current_setting('role'), 'none'), session_user)::name;
comment on function a2o_private.asking_role() is 'The role that calls, also inside a definer function.';

-- Called by definers alone, so it runs as the owner. PL/pgSQL keeps the plan; the roles that record read every account.
create or replace function a2o_private.may_read_account(aws_account_id text) returns boolean
  language plpgsql stable as $$
begin
  return may_read_account.aws_account_id = any (a2o_private.visible_accounts())
    or pg_has_role(a2o_private.asking_role(), 'a2o_ingest', 'usage') or pg_has_role(a2o_private.asking_role(), 'a2o_worker', 'usage')
    or pg_has_role(a2o_private.asking_role(), 'a2o_owner', 'usage');
end
$$;
comment on function a2o_private.may_read_account(text) is 'Whether the caller may read an account, as the policies decide it.';
revoke all on function a2o_private.may_read_account(text) from public;

create or replace function a2o_private.readable_assessment(assessment_id uuid) returns a2o.assessments
  language plpgsql stable as $$
declare
  found_one a2o.assessments;
begin
  select * into found_one from a2o.assessments a where a.id = readable_assessment.assessment_id;
  -- Asked even when there is none, so that neither words nor time tell a foreign assessment from an unknown one.
  if not coalesce(a2o_private.may_read_account(coalesce(found_one.aws_account_id, '')), false) or found_one.id is null then
    raise exception 'there is no assessment % that you may read', coalesce(assessment_id::text, 'null')
      using errcode = 'A2O12', hint = 'The view assessment_overview lists those that there are for you.';
  end if;
  return found_one;
end
$$;
comment on function a2o_private.readable_assessment(uuid) is 'The assessment, if the caller may read it. Error: A2O12 there is none, or it belongs to another account.';
revoke all on function a2o_private.readable_assessment(uuid) from public;
