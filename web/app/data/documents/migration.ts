import { graphql, type ResultOf } from "../graphql.ts";

/** What runs, waits, or ended within the last hour, and who watches it. `id` lets an answer change its rows in place. */
export const activeJobs = graphql(`
  query ActiveJobs {
    activeJobs(first: 1000) {
      nodes {
        id: jobId awsAccountId region jobType jobName awsStatus status phase isSimulated isStale isStalled stalledSince percent migrationType
        rowsCopied bytesCopied bytesTotal filesCopied filesTotal tablesLoaded tablesLoading tablesQueued tablesErrored
        rowsPerSecond bytesPerSecond etaAt etaConfidence startedAt completedAt elapsedMs lastSeenAt errorCode errorMessage stopReason
      }
    }
    monitorOverviews { nodes { id: monitorId state pollSeconds runningJobs metricsThisMonth lastSucceededAt isSimulated } }
  }`);

export type ActiveJob = NonNullable<NonNullable<ResultOf<typeof activeJobs>["activeJobs"]>["nodes"]>[number];

/** The last half hour of one job in equal steps. */
export const jobPace = graphql(`
  query JobPace($job: UUID!, $since: Datetime!, $points: Int!) {
    jobProgress(jobId: $job, since: $since, points: $points, first: 100) {
      nodes { stepAt samples percent rowsPerSecond bytesPerSecond }
    }
  }`);

export type PaceStep = NonNullable<NonNullable<ResultOf<typeof jobPace>["jobProgress"]>["nodes"]>[number];

/** Everything about one job but its series. */
export const jobDetails = graphql(`
  query JobDetails($job: UUID!) {
    migrationJob(id: $job) {
      id awsAccountId region jobType jobName awsJobId awsParentId awsStatus status phase isSimulated migrationType stopReason errorCode errorMessage
      source target percent rowsCopied bytesCopied bytesTotal filesCopied filesTotal tablesLoaded tablesLoading tablesQueued tablesErrored
      errorRows validationFailedRows startedAt completedAt elapsedMs lastSeenAt goneAt consoleUrl tableId
    }
    activeJob(jobId: $job) { id: jobId isStale isStalled stalledSince rowsPerSecond bytesPerSecond etaAt etaEarliestAt etaLatestAt etaConfidence samples }
    migrationJobTables(condition: { jobId: $job }, first: 500) {
      totalCount
      nodes {
        schemaName tableName tableState fullLoadRows fullLoadErrorRows inserts updates deletes validationState validationFailedRecords
        validationPendingRecords
      }
    }
  }`);

export type JobDetails = NonNullable<ResultOf<typeof jobDetails>["migrationJob"]>;

/** Tables of the catalog that a job moves, or may move; of each state as many as a person reads. */
export const jobLinks = graphql(`
  query JobLinks($job: UUID!) {
    candidates: jobLinks(condition: { jobId: $job, state: CANDIDATE }, first: 100) { ...Links }
    linked: jobLinks(condition: { jobId: $job, state: LINKED }, first: 100) { ...Links }
    rejected: jobLinks(condition: { jobId: $job, state: REJECTED }, first: 50) { ...Links }
  }
  fragment Links on JobLinkConnection {
    pageInfo { hasNextPage }
    nodes { databaseName tableName awsAccountId region state source reason decidedBy decidedAt }
  }`);

export type JobLink = NonNullable<NonNullable<ResultOf<typeof jobLinks>["linked"]>["nodes"]>[number];

export const linkJob = graphql(`
  mutation LinkJob($job: UUID!, $database: String!, $table: String) {
    linkJob(input: { jobId: $job, databaseName: $database, tableName: $table }) { result { id } }
  }`);
export const unlinkJob = graphql(`
  mutation UnlinkJob($job: UUID!, $database: String!, $table: String) {
    unlinkJob(input: { jobId: $job, databaseName: $database, tableName: $table }) { result { id } }
  }`);

/** The course of one job, and what CloudWatch told of it. */
export const jobCourse = graphql(`
  query JobCourse($job: UUID!, $points: Int!) {
    jobProgress(jobId: $job, points: $points, first: 1000) {
      nodes { stepAt samples percent rowsCopied bytesCopied rowsPerSecond bytesPerSecond }
    }
    jobMetrics(jobId: $job, points: $points, first: 1000) { nodes { metricName unit stepAt samples average } }
  }`);

/** What migrations came to, by account, region and service. */
export const migrationHistory = graphql(`
  query MigrationHistory {
    migrationHistories {
      nodes { awsAccountId region jobType jobs completed failed running pending successPercent averageSeconds rowsCopied bytesCopied firstStartedAt lastCompletedAt }
    }
    migrationErrors { nodes { awsAccountId region jobType errorPattern failures lastSeenAt newestJobId newestMessage } }
    migrationTimelines { nodes { day awsAccountId region jobType completed failed started } }
  }`);

/** Jobs that ended, the latest first, page by page. */
export const endedJobs = graphql(`
  query EndedJobs($status: JobStatus!, $after: Cursor) {
    migrationJobs(condition: { status: $status }, orderBy: [COMPLETED_AT_DESC], first: 100, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes {
        id awsAccountId region jobType jobName status awsStatus startedAt completedAt rowsCopied bytesCopied errorMessage isSimulated
        jobLinks(condition: { state: LINKED }, first: 2) { nodes { databaseName tableName } }
      }
    }
  }`);

/** What is watched, whether that works, and what it costs. */
export const monitors = graphql(`
  query Monitors {
    monitorOverviews {
      nodes {
        id: monitorId monitorName awsAccountId region services state isPaused isSimulated credentialsKind profileName roleArn endpoint
        pollSeconds idlePollSeconds lastPolledAt lastSucceededAt failingSince errorCode errorMessage runningJobs clockSkewMs
        callsThisMonth throttledThisMonth metricsThisMonth metricsUsdThisMonth
      }
    }
    monitorServices { nodes { monitorId service lastSucceededAt failingSince operation errorCode errorMessage isBlind jobsListed } }
  }`);

export type MonitorOverview = NonNullable<NonNullable<ResultOf<typeof monitors>["monitorOverviews"]>["nodes"]>[number];
export type MonitorService = NonNullable<NonNullable<ResultOf<typeof monitors>["monitorServices"]>["nodes"]>[number];

export const pauseMonitor = graphql(`
  mutation PauseMonitor($id: UUID!) { pauseMonitor(input: { monitorId: $id }) { result { id isPaused } } }`);
export const resumeMonitor = graphql(`
  mutation ResumeMonitor($id: UUID!) { resumeMonitor(input: { monitorId: $id }) { result { id isPaused } } }`);

/** What needs, or needed, somebody's attention. */
export const alerts = graphql(`
  query Alerts($state: AlertState!) {
    alertOverviews(condition: { state: $state }, orderBy: [OPENED_AT_DESC], first: 200) {
      totalCount
      nodes {
        id: alertId ruleCode severity state title message remedy awsAccountId region openedAt lastSeenAt acknowledgedAt acknowledgedBy
        acknowledgedNote resolvedAt resolution isSimulated jobId jobName monitorId monitorName databaseName tableName
      }
    }
  }`);

export type Alert = NonNullable<NonNullable<ResultOf<typeof alerts>["alertOverviews"]>["nodes"]>[number];

export const acknowledgeAlert = graphql(`
  mutation AcknowledgeAlert($id: UUID!, $note: String) { acknowledgeAlert(input: { alertId: $id, note: $note }) { result { id } } }`);
export const unacknowledgeAlert = graphql(`
  mutation UnacknowledgeAlert($id: UUID!) { unacknowledgeAlert(input: { alertId: $id }) { result { id } } }`);
