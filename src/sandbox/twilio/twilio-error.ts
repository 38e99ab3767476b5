/** Why a request was refused, in the code and the words of Twilio's API. */
export class TwilioError extends Error {
  constructor(
    readonly status: number,
    readonly code: number,
    message: string,
  ) {
    super(message);
  }

  /** The body as the API answers it. */
  toJSON(): object {
    return {
      code: this.code,
      message: this.message,
      more_info: `https://www.twilio.com/docs/errors/${this.code}`,
      status: this.status,
    };
  }
}

const WORDS: Readonly<Record<number, string>> = {
  21211: "Invalid 'To' Phone Number",
  21408: 'Permission to send an SMS has not been enabled for the region indicated by the number',
  21610: 'Attempt to send to unsubscribed recipient',
  21612: "The 'To' phone number is not currently reachable via SMS",
  21614: "'To' number is not a valid mobile number",
  30001: 'Queue overflow',
  30003: 'Unreachable destination handset',
  30005: 'Unknown destination handset',
  30006: 'Landline or unreachable carrier',
  30008: 'Unknown error',
};

/** A code in words. */
export function wordsOf(code: number): string {
  return WORDS[code] ?? 'The message was refused';
}

/** A refusal of the recipient. */
export function recipientRefused(code: number): TwilioError {
  return new TwilioError(400, code, wordsOf(code));
}

/** An error within the provider. */
export function internalError(): TwilioError {
  return new TwilioError(500, 20500, 'Internal Server Error');
}
