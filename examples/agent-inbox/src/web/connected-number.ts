import { Inject, Injectable, NotFoundException, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { Accounts } from '../database/accounts.ts';

/** Rejects requests for a number that isn't connected. Here you can also check whether the agent may use the number. */
@Injectable()
export class ConnectedNumber implements CanActivate {
  @Inject(Accounts) private readonly accounts!: Accounts;

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { number } = context.switchToHttp().getRequest<Request>().params;
    if (typeof number === 'string' && !(await this.accounts.number(number))) {
      throw new NotFoundException('This number is not connected.');
    }
    return true;
  }
}
