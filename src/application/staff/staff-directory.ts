/** What a use case has to know of users other than the one that it is about. */
export abstract class StaffDirectory {
  /** Whether somebody else who can sign in may administer every branch. */
  abstract hasOtherAdmin(userId: string): Promise<boolean>;
}
