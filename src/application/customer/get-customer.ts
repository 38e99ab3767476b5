import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { CustomerView } from './customer-view.js';
import { Customers } from './customers.js';

/** A customer as they are now. */
export class GetCustomer extends Query<CustomerView> {
  constructor(readonly input: { readonly customerId: string }) {
    super();
  }
}

@QueryHandler(GetCustomer)
export class GetCustomerHandler implements IQueryHandler<GetCustomer> {
  constructor(private readonly customers: Customers) {}

  /** @throws DomainError `customer_not_found` */
  async execute({ input }: GetCustomer): Promise<CustomerView> {
    return this.customers.view(await this.customers.load(input.customerId));
  }
}
