import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Injectable } from '@nestjs/common';
import Handlebars from 'handlebars';

/** Where pages live. Each folder `views` below holds templates; a template's name is its path (`pay/views/page`). */
const HERE = fileURLToPath(new URL('./', import.meta.url));
const ROOMS = ['pay', 'portal'];
const FOLDERS = ROOMS.flatMap(templateFolders);

/** What a template is given: plain data. A name that a template uses must be there, if only as `undefined`. */
export type ViewModel = Readonly<Record<string, unknown>>;

/**
 * Renders the pages from Handlebars templates that are read and compiled when the service starts, so that a broken one stops
 * the start and none is ever compiled from what somebody sent. Every value is escaped; a name that is missing throws.
 */
@Injectable()
export class Views {
  private readonly templates = new Map<string, Handlebars.TemplateDelegate>();

  constructor() {
    const engine = Handlebars.create();
    const options: CompileOptions = { strict: true, knownHelpersOnly: true, knownHelpers: {} };
    for (const folder of FOLDERS) {
      const url = new URL(`./${folder}/`, import.meta.url);
      for (const file of readdirSync(url).filter((name) => name.endsWith('.hbs'))) {
        const name = `${folder}/${file.slice(0, -'.hbs'.length)}`;
        const source = readFileSync(new URL(file, url), 'utf8');
        // Parsing now shows a mistake at the start; Handlebars itself compiles at the first rendering.
        engine.precompile(source, options);
        const template = engine.compile(source, options);
        this.templates.set(name, template);
        engine.registerPartial(name, template);
      }
    }
  }

  /** The HTML of a template. */
  render(name: string, model: ViewModel): string {
    const template = this.templates.get(name);
    if (!template) throw new Error(`There is no template ${name}`);
    return template(model, { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false });
  }
}

function templateFolders(room: string): readonly string[] {
  return readdirSync(new URL(`./${room}/`, import.meta.url), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name === 'views')
    .map((entry) => join(entry.parentPath, entry.name).slice(HERE.length).replaceAll('\\', '/'));
}
