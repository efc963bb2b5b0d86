import type { Task } from "graphile-worker";

/** Queues the scheduled assessments that are due, one after the other for each account; payload none. */
const enqueueDue: Task = async (_payload, { query }) => {
  // One statement, so that a schedule is moved on if and only if its job is queued.
  await query(
    `select graphile_worker.add_job('assessments/run-scheduled', json_build_object('scheduleId', s.id),
       queue_name => 'assess ' || s.aws_account_id, max_attempts => 3, job_key => 'schedule ' || s.id)
     from a2o.take_due_schedules() as s`,
  );
};

export default enqueueDue;
