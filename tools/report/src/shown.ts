// What the program hands to the page: the contract's JSON, and beside it how things went over time.

export interface Statistic {
  n: number;
  undefined_share: number;
  censored_share: number;
  mean: number | null;
  ci95: [number | null, number | null] | null;
  p05: number | null;
  p50: number | null;
  p95: number | null;
  p50_ci95: [number | null, number | null] | null;
  p95_ci95: [number | null, number | null] | null;
  currency?: string;
}

export interface Measures {
  down_minutes: Statistic;
  degraded_minutes: Statistic;
  first_impact_minute: Statistic;
  mitigated_minute: Statistic;
  restored_minute: Statistic;
  ever_down_share: number;
  ever_down_share_ci95: [number, number];
  unrestored_share: number;
  user_minutes_lost: Statistic;
  money_lost: Statistic;
}

export interface AppResult extends Measures {
  app: string;
  regions: (Measures & { region: string })[];
}

export interface Incident {
  detected_minute: Statistic;
  acknowledged_minute: Statistic;
  diagnosed_minute: Statistic;
  announced_minute: Statistic;
  mitigated_minute: Statistic;
  restored_minute: Statistic;
  staff_hours: Statistic;
  data_lost_minutes: Statistic;
  user_minutes_lost: Statistic;
  money_lost: Statistic;
  money_deferred: Statistic;
  credits_owed: Statistic;
  staff_cost: Statistic;
  down_minutes: Statistic;
}

export interface Head {
  knockon: string;
  scenario: string;
  scenario_sha256: string;
  cause: string | null;
  strategy: string | null;
  variants: string[];
  set: [string, string][];
  starts: string;
  horizon_minutes: number;
  seed: number;
  replications: number;
  requested: number;
  first: number;
  interrupted: boolean;
  died: { index: number; error: string; entry?: string }[];
  fingerprint: string;
}

export interface Phase {
  phase: string;
  mean: number | null;
}

export interface Promised {
  text: string;
  verdict: "kept" | "broken" | "undecided";
  value: number | null;
  ci95: [number | null, number | null] | null;
  unit?: string;
  replications_needed: number | null;
}

export interface RunResult extends Head {
  apps: AppResult[];
  incident: Incident;
  minutes: Phase[];
  observed: { what: string; observed: [number, number]; simulated: Statistic }[];
  promises: Promised[];
}

export interface World {
  title: string;
  currency: string;
  regions: { name: string; clock_minutes: number; users: number }[];
  apps: string[];
}

export interface Band {
  p05: number[];
  p50: number[];
  p95: number[];
}

export interface Series {
  step_minutes: number;
  points: number;
  replications: number;
  apps_left_out: number;
  apps: { app: number; success: Band[]; tries_per_s: Band[] }[];
  user_minutes_lost: Band;
  money_lost: Band;
}

export type Interval = [number, number];
export interface States {
  down: Interval[];
  degraded: Interval[];
}
export interface AppStates extends States {
  regions: States[];
}

export interface Outline {
  replication: number;
  onset: string;
  end_minute: number;
  apps: AppStates[];
}

export interface Happening {
  event: number;
  minute: number;
  change: string;
  subject: string;
  text: string;
  cause: number | null;
  strikes: number[];
}

export interface Day extends Outline {
  dates: Record<string, number | null>;
  phases: { phase: string; from: number; to: number; ended_by: number | null }[];
  events_in_all: number;
  events: Happening[];
  spells: [number, 0 | 1 | 2][][];
  course: {
    step_minutes: number;
    points: number;
    success: number[][];
    tries_per_s: number[][];
    user_minutes_lost: number[];
    money_lost: number[];
  } | null;
}

export interface Graph {
  omitted: number;
  vertices: { kind: "app" | "service" | "session"; name: string; index: number; x: number; y: number }[];
  edges: [number, number, string][];
}

export interface Sample {
  n: number;
  of: number;
  censored: number;
  values: number[];
}

export interface IncidentSamples {
  restored_minute: Sample;
  down_minutes: Sample;
  user_minutes_lost: Sample;
  money_lost: Sample;
  staff_hours: Sample;
}

export interface RunPage {
  page: "run";
  result: RunResult;
  world: World;
  headline: string;
  samples: { down_minutes: { all: Sample; regions: Sample[] }[]; incident: IncidentSamples };
  series: Series;
  graph: Graph;
  day: Day | null;
}

export interface Entry {
  name: string;
  apps: AppResult[];
  incident: Incident;
  minutes: Phase[];
}

export interface Pair {
  a: string;
  b: string;
  measure: string;
  app: string | null;
  n: number;
  difference: { mean: number | null; ci95: [number | null, number | null] | null };
  a_better_share: number | null;
  tie_share: number | null;
  b_better_share: number | null;
  significant: boolean;
}

export interface ComparePage {
  page: "compare";
  result: Head & {
    across: string;
    baseline: string;
    entries: Entry[];
    pairs_of: string;
    pairs: Pair[];
    ranking: string[][];
    dominated: { name: string; by: string; on: string[] }[];
  };
  world: World;
  headline: string;
  worlds: World[];
  samples: IncidentSamples[];
  days: { replication: number; user_minutes_lost: number; entries: Outline[] }[];
}

export interface ExplainPage {
  page: "explain";
  result: Head & {
    replication: number;
    chains: { app: string; region: string; events: Happening[] }[];
    minutes: Phase[];
    stuck: { step: string; waits_for: string; because: string[] }[];
    unfinished: { step: string; waits_for: string; because: string[] }[];
    counterfactuals: { without: string; saves_minutes: number; saves_user_minutes: number; at_least: boolean }[];
  };
  which: string;
  world: World;
  graph: Graph;
  day: Day;
}

export interface GraphPage {
  page: "graph";
  result: {
    knockon: string;
    scenario: string;
    scenario_sha256: string;
    cause: string | null;
    services: number;
    dependencies: number;
    single_points: { app: string; journey: string; region: string; component: string; kind: string }[];
    cut_sets: { app: string; journey: string; region: string; sets: string[][]; complete: boolean }[];
    blast_radius: { component: string; kind: string; apps: { app: string; severity: "down" | "degraded" }[] }[];
    recovery_knots: {
      strategy: string;
      step: string;
      way: number;
      waits_for: string;
      which_needs: string[];
      untied_by: number | null;
      given_up: boolean;
    }[];
    standstills: { strategy: string; waiting: string[]; behind: string[]; would_mend: string[] }[];
    cycles: string[][];
  };
  world: World;
  graph: Graph;
}

export type Shown = RunPage | ComparePage | ExplainPage | GraphPage;
