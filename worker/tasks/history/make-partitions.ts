import type { Task } from "graphile-worker";

/** Makes the partitions of the months to come; payload none. */
const makePartitions: Task = async (_payload, { query }) => {
  await query("select a2o.make_history_partitions()");
};

export default makePartitions;
