import type { Call, Method } from '../call.js';
import { badRequest } from '../errors.js';
import { filePath, uniqueId } from '../file-id.js';
import type { Json } from '../../http/json.js';
import { seenFile } from '../read/media.js';

/** What a bot may download (core.telegram.org/bots/api#getfile). */
const DOWNLOAD_MAX = 20 * 1024 * 1024;

export const FILES: Readonly<Record<string, Method>> = { getFile };

function getFile(call: Call): Json {
  const fileId = call.params.requiredText('file_id');
  const { file, size, thumb } = seenFile(call, fileId);
  const bytes = thumb ? (file.thumb?.length ?? 0) : file.size;
  if (bytes > DOWNLOAD_MAX) throw badRequest('file is too big');
  return {
    file_id: fileId,
    file_unique_id: uniqueId(file, size, thumb),
    file_size: bytes,
    file_path: filePath(file, thumb),
  };
}
