/** Why the API server refused, as metav1.StatusReason. */
export type ApiReason =
  | 'BadRequest'
  | 'Unauthorized'
  | 'Forbidden'
  | 'NotFound'
  | 'AlreadyExists'
  | 'Conflict'
  | 'Gone'
  | 'Invalid'
  | 'MethodNotAllowed'
  | 'RequestEntityTooLarge'
  | 'InternalError';

const CODES: Readonly<Record<ApiReason, number>> = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  AlreadyExists: 409,
  Conflict: 409,
  Gone: 410,
  Invalid: 422,
  MethodNotAllowed: 405,
  RequestEntityTooLarge: 413,
  InternalError: 500,
};

/** One thing that is wrong with an object. `reason`: `FieldValueRequired`, … */
export interface StatusCause {
  readonly field: string;
  readonly reason: string;
  readonly message: string;
}

/** What the API server answers when it refuses: metav1.Status as an error. */
export class ApiError extends Error {
  override readonly name: string = 'ApiError';
  readonly reason: ApiReason;
  /** HTTP status. */
  readonly code: number;
  readonly causes: readonly StatusCause[];

  constructor(reason: ApiReason, message: string, causes: readonly StatusCause[] = []) {
    super(message);
    this.reason = reason;
    this.code = CODES[reason];
    this.causes = causes;
  }

  /** `pods "x" not found`. */
  static notFound(resource: string, name: string): ApiError {
    return new ApiError('NotFound', `${resource} "${name}" not found`);
  }

  /** `pods "x" already exists`. */
  static alreadyExists(resource: string, name: string): ApiError {
    return new ApiError('AlreadyExists', `${resource} "${name}" already exists`);
  }

  /** The object was changed meanwhile. */
  static conflict(
    resource: string,
    name: string,
    detail = 'the object has been modified; please apply your changes to the latest version and try again',
  ): ApiError {
    return new ApiError(
      'Conflict',
      `Operation cannot be fulfilled on ${resource} "${name}": ${detail}`,
    );
  }

  /** `pods "x" is forbidden: …`; without a name: `pods is forbidden: …`. */
  static forbidden(resource: string, name: string, detail: string): ApiError {
    const subject = name === '' ? resource : `${resource} "${name}"`;
    return new ApiError('Forbidden', `${subject} is forbidden: ${detail}`);
  }

  /** A request that cannot be understood. */
  static badRequest(message: string): ApiError {
    return new ApiError('BadRequest', message);
  }

  toJSON(): object {
    const { reason, code, message, causes } = this;
    return {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      reason,
      code,
      message,
      details: { causes },
    };
  }
}
