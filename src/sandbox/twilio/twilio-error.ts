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

/** Recipients that Twilio keeps for trying out refusals, each with the refusal that it meets. */
const MAGIC_RECIPIENTS: Readonly<Record<string, number>> = {
  '+15005550001': 21211,
  '+15005550002': 21612,
  '+15005550003': 21408,
  '+15005550004': 21610,
  '+15005550009': 21614,
};

const WORDS: Readonly<Record<number, string>> = {
  21211: "Invalid 'To' Phone Number",
  21408: 'Permission to send an SMS has not been enabled for the region indicated by the number',
  21610: 'Attempt to send to unsubscribed recipient',
  21612: "The 'To' phone number is not currently reachable via SMS",
  21614: "'To' number is not a valid mobile number",
};

/** A refusal of the recipient. */
export function recipientRefused(code: number): TwilioError {
  return new TwilioError(400, code, WORDS[code] ?? 'The message was refused');
}

export function magicRefusal(recipient: string): TwilioError | undefined {
  const code = MAGIC_RECIPIENTS[recipient];
  return code === undefined ? undefined : recipientRefused(code);
}
