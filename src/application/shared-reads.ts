/** Reads that several wait for at the same time. */

/**
 * Whoever asks while a read of the same thing is under way shares the next one with all who ask meanwhile: a read that begins after
 * it was asked for shows whatever was written before, to one as to a hundred. So nothing is kept and nothing can be old.
 *
 * Where the read under way fails, it fails for those who wait for it to end as well: it has tried until now.
 */
export class SharedReads<Value> {
  private readonly running = new Map<string, Promise<Value>>();
  /** Not begun yet. */
  private readonly following = new Map<string, Promise<Value>>();

  read(key: string, read: () => Promise<Value>): Promise<Value> {
    const running = this.running.get(key);
    if (!running) return this.begin(key, read);
    const following = this.following.get(key) ?? this.after(running, key, read);
    this.following.set(key, following);
    return following;
  }

  private after(running: Promise<Value>, key: string, read: () => Promise<Value>): Promise<Value> {
    const comeOn = (): boolean => this.following.delete(key);
    return running.finally(comeOn).then(() => this.begin(key, read));
  }

  private begin(key: string, read: () => Promise<Value>): Promise<Value> {
    const begun = read();
    this.running.set(key, begun);
    const ended = (): void => {
      if (this.running.get(key) === begun) this.running.delete(key);
    };
    begun.then(ended, ended);
    return begun;
  }
}
