import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Execute } from '../execute.js';
import { branchView, loadBranch, type BranchView } from './branch-view.js';

/** A branch, from its stream: always shows what was acknowledged. */
export class GetBranch extends Query<BranchView> {
  constructor(readonly input: { readonly branchId: string }) {
    super();
  }
}

@QueryHandler(GetBranch)
export class GetBranchHandler implements IQueryHandler<GetBranch> {
  constructor(private readonly executor: Execute) {}

  async execute({ input }: GetBranch): Promise<BranchView> {
    return branchView(await loadBranch(this.executor, input.branchId));
  }
}
