import type pg from "pg";
import { UserError } from "../../postgres/user-error.ts";
import { UsageError } from "../common.ts";

/**
 * The beginning of a job's id, as people give it.
 * @throws UsageError
 */
export function jobIdLike(reference: string): string {
  if (!/^[0-9a-f-]{4,36}$/i.test(reference)) {
    throw new UsageError(`${reference} is no id of a job.`, "aws2openstack jobs shows them; four digits are enough.");
  }
  return reference.toLowerCase();
}

/**
 * Id and name of the one job whose id begins so.
 * @throws UserError when there is none that the caller may read, or several
 */
export async function findJob(client: pg.Client, reference: string): Promise<{ id: string; name: string }> {
  const { rows } = await client.query<{ id: string; name: string }>(
    "select id, coalesce(job_name, aws_job_id, id::text) as name from a2o.migration_jobs where starts_with(id::text, $1) limit 2",
    [jobIdLike(reference)],
  );
  const [job, another] = rows;
  if (job === undefined)
    throw new UserError(`There is no job ${reference} that you may read.`, "All of them: aws2openstack jobs --all");
  if (another !== undefined) throw new UserError(`${reference} fits several jobs.`, "Give more digits.");
  return job;
}
