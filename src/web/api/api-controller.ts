import { Controller, UseGuards, UseInterceptors, UsePipes, applyDecorators } from '@nestjs/common';
import { ApiKeyGuard } from '../auth/api-key-guard.js';
import { AnswerInterceptor } from './answer.js';
import { SchemaPipe } from './schema-pipe.js';

/** A controller below `/api/v1`: guarded, its input checked by the schemas of its parameters, its answers with their headers. */
export function ApiController(path: string): ClassDecorator {
  return applyDecorators(
    Controller(`api/v1/${path}`),
    UseGuards(ApiKeyGuard),
    UsePipes(SchemaPipe),
    UseInterceptors(AnswerInterceptor),
  );
}
