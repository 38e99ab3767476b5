/** What the API needs to know of the configuration. Filled in where the service is wired. */
export abstract class ApiSettings {
  /** The key that is always there, with every right. */
  abstract readonly adminApiKey: string;
  /** Requests that one key may make in a second, in this process. */
  abstract readonly requestsPerSecond: number;
}
