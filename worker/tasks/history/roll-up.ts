import type { Task } from "graphile-worker";

/** Rolls up hours whose samples changed, until none is left; payload none. */
const rollUp: Task = async (_payload, { query, abortSignal }) => {
  while (!abortSignal?.aborted) {
    const { rows } = await query<{ hours: number }>("select a2o.roll_up_history() as hours");
    if ((rows[0]?.hours ?? 0) === 0) return;
  }
};

export default rollUp;
