/** *Email or Text…* as a page of its own. The form itself goes to the server as it would without this script. */
import { prepareSend } from './portal-send.js';

prepareSend(document.body);
