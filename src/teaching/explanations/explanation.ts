/** A field of a volume's source, as a manifest writes it. */
export interface FieldExplanation {
  /** `sizeLimit`, `items[].path`. */
  readonly name: string;
  /** `string`, `quantity`, `mode`, … */
  readonly type: string;
  /** What it is when it is left out; `required` where it may not be. */
  readonly default: string;
  readonly text: string;
}

/** What becomes of the data when something else ends. */
export interface Survival {
  readonly containerRestart: string;
  readonly podDeletion: string;
  readonly otherNode: string;
  readonly nodeReboot: string;
  readonly kubeletRestart: string;
}

/** An error that people meet, in Kubernetes' exact words, with names from examples. */
export interface CommonError {
  readonly message: string;
  readonly cause: string;
}

/** A volume type in the words of a teacher. */
export interface TypeExplanation {
  /** The field of `spec.volumes[]`, or of a PersistentVolume's spec. */
  readonly type: string;
  /** One line. */
  readonly summary: string;
  /** A few sentences: what it is, and what it is for. */
  readonly text: string;
  readonly fields: readonly FieldExplanation[];
  /** Where it lies on the node. `<uid>` is the Pod's, `<name>` the volume's. */
  readonly onTheNode: readonly string[];
  readonly survives: Survival;
  /** Who may write to it. */
  readonly writers: string;
  /** Whether what containers see changes with the source. */
  readonly refresh: string;
  readonly errors: readonly CommonError[];
  /** File in `examples/` that runs as it stands. */
  readonly example: string;
}
