-- `*`, `*/15`, `1-5`, `0,30`, `10-50/20` as the numbers they stand for.
create or replace function a2o_private.cron_numbers(field text, low integer, high integer) returns integer[]
  language plpgsql immutable parallel safe as $$
declare
  part text;
  fitting text[];
  first_number integer;
  last_number integer;
  step integer;
  numbers integer[] := '{}';
begin
  foreach part in array string_to_array(field, ',') loop
    fitting := regexp_match(part, '^(?:(\*)|(\d{1,4})(?:-(\d{1,4}))?)(?:/(\d{1,4}))?$');
    step := coalesce(fitting[4]::integer, 1);
    first_number := coalesce(fitting[2]::integer, low);
    last_number := case when fitting[1] is not null or (fitting[3] is null and fitting[4] is not null) then high else coalesce(fitting[3]::integer, first_number) end;
    if fitting is null or first_number < low or last_number > high or first_number > last_number or step < 1 then
      raise exception '% is no field of a cron line from % to %', quote_literal(part), low, high
        using errcode = 'A2O40', hint = 'Write *, a number, a range as 1-5, a list as 0,30, or a step as */15.';
    end if;
    numbers := numbers || array(select n from generate_series(first_number, last_number, step) as n);
  end loop;
  return numbers;
end
$$;
comment on function a2o_private.cron_numbers(text, integer, integer) is 'Numbers that one field of a cron line stands for. Error: A2O40 it is none.';

-- Days come first and their minutes after, so that a line for every 29 February is found as quickly as one for every minute.
create or replace function a2o.next_run(every text, after timestamptz) returns timestamptz
  language plpgsql immutable parallel safe as $$
declare
  fields text[] := regexp_split_to_array(trim(lower(every)), '\s+');
  amount text[] := regexp_match(trim(lower(every)), '^(\d{1,4})?\s*(m|min|minutes?|h|hours?|d|days?|w|weeks?|months?)$');
  minutes integer[];
  hours integer[];
  weekdays integer[];
  days integer[];
  months integer[];
  found_one timestamp;
begin
  if amount is not null then
    if coalesce(amount[1], '1')::integer = 0 or (amount[2] ~ '^m(in|$)' and coalesce(amount[1], '1')::integer < 5) then
      raise exception 'an assessment is made every 5 minutes at most' using errcode = 'A2O40', hint = 'e.g. hour, 6h, day, week';
    end if;
    return after + (coalesce(amount[1], '1') || ' ' || case
      when amount[2] like 'month%' then 'months'
      when amount[2] like 'm%' then 'minutes'
      when amount[2] like 'h%' then 'hours'
      when amount[2] like 'd%' then 'days'
      else 'weeks' end)::interval;
  end if;
  if cardinality(fields) <> 5 then
    raise exception '% says not how often', quote_literal(every)
      using errcode = 'A2O40', hint = 'Write hour, day, week, month, a number with m, h, d or w (6h), or five fields as cron takes them ("0 3 * * 1-5", in UTC).';
  end if;
  minutes := a2o_private.cron_numbers(fields[1], 0, 59);
  hours := a2o_private.cron_numbers(fields[2], 0, 23);
  days := a2o_private.cron_numbers(fields[3], 1, 31);
  months := a2o_private.cron_numbers(fields[4], 1, 12);
  weekdays := array(select w % 7 from unnest(a2o_private.cron_numbers(fields[5], 0, 7)) as w);
  select d.day + make_interval(hours => h.hour, mins => m.minute) into found_one
  from (
    select g as day from generate_series(date_trunc('day', after at time zone 'UTC'), date_trunc('day', after at time zone 'UTC') + interval '9 years', interval '1 day') as g
    where extract(month from g)::integer = any (months)
      -- As cron has it: when both say something, either will do.
      and case when fields[3] <> '*' and fields[5] <> '*' then extract(day from g)::integer = any (days) or extract(dow from g)::integer = any (weekdays)
        else extract(day from g)::integer = any (days) and extract(dow from g)::integer = any (weekdays) end
    limit 2) as d
  cross join unnest(hours) as h(hour) cross join unnest(minutes) as m(minute)
  where d.day + make_interval(hours => h.hour, mins => m.minute) > after at time zone 'UTC'
  order by 1 limit 1;
  if found_one is null then
    raise exception '% never comes', quote_literal(every) using errcode = 'A2O40', hint = 'The day and the month do not meet.';
  end if;
  return found_one at time zone 'UTC';
end
$$;
comment on function a2o.next_run(text, timestamptz) is
  E'@behavior -*\nWhen something that happens every so often comes next after a moment. Takes hour, day, week, month, a number with m, h, d or w, or a cron line in UTC. Error: A2O40 none of those.';
revoke all on function a2o.next_run(text, timestamptz), a2o_private.cron_numbers(text, integer, integer) from public;
