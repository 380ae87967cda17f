import { openLink } from '../../../src/telegram/link/open-link.js';
import { linkConformance } from './conformance.js';

linkConformance("GramJS's sender", openLink);
