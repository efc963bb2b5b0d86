import type { JSX } from "solid-js";
import { type Mark, sentence } from "../sentence.ts";

/** What stands in place of a page that has nothing to show. */
export const words = {
  noPage: "There is no such page",
  noPageWhy: "The address may be mistyped, or the page has moved.",
  openOverview: "Open the overview",

  noAssessment: "There is no such assessment",
  noAssessmentWhy: "The link may be cut off, the assessment deleted, or its AWS account not open to you.",
  openNewest: "Open the newest assessment",

  signedOut: "You are signed out",
  signedOutWhy:
    "The server does not know you, or your session has ended. You see only the AWS accounts granted to you.",
  signIn: "Sign in",
  noSignIn: "This server takes no sign-in from a browser. Whoever runs it tells how it is reached.",

  noAccess: "No AWS account is open to you",
  noAccessWhy: (user: JSX.Element, mono: Mark) =>
    sentence`Assessments belong to AWS accounts, and ${user} may not read any of them yet. Whoever runs the database grants an account, or ${mono("*")} for all of them, in psql:`,
  grant: "Grant access",
  grantCommand: (user: string) => `select a2o.grant_account_access('${user.replaceAll("'", "''")}', '*');`,

  nothingAssessed: "Nothing has been assessed yet",
  whatItIs:
    "An assessment reads an AWS Glue catalog and says which tables can move as they are, which need conversion and which could not be judged. It only reads metadata: no table data is opened, and no AWS credential is stored here.",
  assess: "Assess a catalog",
  assessHow: "Uses the AWS profile on the machine where you run it. Nothing is changed in AWS.",
  assessCommand: "aws2openstack assess glue-catalog --region eu-central-1 --output-dir reports --save-to-db",
  assessNeeds: (mono: Mark) => sentence`Needs ${mono("glue:GetDatabases")} and ${mono("glue:GetTables")}.`,
  ingest: "Ingest reports you already have",
  ingestWhat: (mono: Mark) => sentence`Any ${mono("glue-catalog-assessment.json")}, from this tool or the Python one.`,
  ingestLabel: "Ingest reports",
  ingestCommand: "aws2openstack ingest reports/*.json",
  demo: "Look around with simulated data",
  demoWhat: "Starts an AWS simulator. Everything that comes from it is marked as simulated.",
  demoLabel: "Start with simulated data",
  demoCommand: "aws2openstack up --demo",
  watching: "Watching for the first assessment. This page opens it by itself.",
} as const;
