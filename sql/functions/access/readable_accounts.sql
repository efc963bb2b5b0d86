-- Searches and comparisons check the account once and then read without policies: LIKE and the comparison of numerics are not
-- leakproof, so under a policy they could use no index. What follows says for them what the policies say.

-- SET ROLE shows in this setting even inside a definer, where current_user is the owner; it cannot be set to a role one lacks.
create or replace function a2o_private.asking_role() returns name
  language sql stable
  return coalesce(nullif(current_setting('role'), 'none'), session_user)::name;
comment on function a2o_private.asking_role() is 'The role that calls, also inside a definer function.';

-- In PL/pgSQL, so that nothing of it is set up for those whose grants say enough.
create or replace function a2o_private.reads_every_account() returns boolean
  language plpgsql stable as $$
begin
  return pg_has_role(a2o_private.asking_role(), 'a2o_ingest', 'usage') or pg_has_role(a2o_private.asking_role(), 'a2o_worker', 'usage')
    or pg_has_role(a2o_private.asking_role(), 'a2o_owner', 'usage');
end
$$;
comment on function a2o_private.reads_every_account() is 'Whether the caller is of a role that records, or the owner''s: those read every account.';
revoke all on function a2o_private.reads_every_account() from public;

-- Called by definers alone, so they run as the owner. PL/pgSQL keeps the plans. One account is looked up, not all that are visible.
create or replace function a2o_private.may_read_account(aws_account_id text) returns boolean
  language plpgsql stable as $$
begin
  return exists (
      select from a2o.accounts a
      join a2o.account_access g on g.member = a2o_private.current_member() and g.aws_account_id in ('*', may_read_account.aws_account_id)
      where a.aws_account_id = may_read_account.aws_account_id)
    or a2o_private.reads_every_account();
end
$$;
comment on function a2o_private.may_read_account(text) is 'Whether the caller may read an account, as the policies decide it.';
revoke all on function a2o_private.may_read_account(text) from public;

-- One statement that does the same work whether there is such an assessment or not, so that neither words nor time tell a foreign
-- assessment from an unknown one.
create or replace function a2o_private.may_read_assessment(assessment_id uuid) returns boolean
  language plpgsql stable as $$
declare
  account_id text;
  is_granted boolean;
begin
  select a.aws_account_id, exists (
      select from a2o.account_access g where g.member = a2o_private.current_member() and g.aws_account_id in ('*', coalesce(a.aws_account_id, '')))
  into account_id, is_granted
  from (select) as asked left join a2o.assessments a on a.id = may_read_assessment.assessment_id;
  return (is_granted or a2o_private.reads_every_account()) and account_id is not null;
end
$$;
comment on function a2o_private.may_read_assessment(uuid) is 'Whether there is such an assessment, and the caller may read its account.';
revoke all on function a2o_private.may_read_assessment(uuid) from public;

create or replace function a2o_private.check_assessment(assessment_id uuid) returns uuid
  language plpgsql stable as $$
declare
  account_id text;
begin
  select a.aws_account_id into account_id from a2o.assessments a where a.id = check_assessment.assessment_id;
  perform from a2o.account_access g where g.member = a2o_private.current_member() and g.aws_account_id in ('*', coalesce(account_id, ''));
  if not found and not a2o_private.reads_every_account() or account_id is null then
    raise exception 'there is no assessment % that you may read', coalesce(assessment_id::text, 'null')
      using errcode = 'A2O12', hint = 'The view assessment_overview lists those that there are for you.';
  end if;
  return assessment_id;
end
$$;
comment on function a2o_private.check_assessment(uuid) is 'The assessment''s id, if the caller may read it. Error: A2O12 there is none, or it belongs to another account.';
revoke all on function a2o_private.check_assessment(uuid) from public;

create or replace function a2o_private.readable_assessment(assessment_id uuid) returns a2o.assessments
  language plpgsql stable as $$
declare
  found_one a2o.assessments;
begin
  select * into found_one from a2o.assessments a where a.id = a2o_private.check_assessment(readable_assessment.assessment_id);
  return found_one;
end
$$;
comment on function a2o_private.readable_assessment(uuid) is 'The assessment, if the caller may read it. Error: A2O12 there is none, or it belongs to another account.';
revoke all on function a2o_private.readable_assessment(uuid) from public;
