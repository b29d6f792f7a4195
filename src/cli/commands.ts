import type { Command } from "./command.ts";
import { complete } from "./verbs/complete.ts";
import { completion } from "./verbs/completion.ts";
import { create } from "./verbs/create.ts";
import { defrag } from "./verbs/defrag.ts";
import { deleteCommand } from "./verbs/delete.ts";
import { describe } from "./verbs/describe.ts";
import { diff } from "./verbs/diff.ts";
import { exportCommand } from "./verbs/export.ts";
import { gc } from "./verbs/gc.ts";
import { help } from "./verbs/help.ts";
import { importCommand } from "./verbs/import.ts";
import { info } from "./verbs/info.ts";
import { len } from "./verbs/len.ts";
import { ls } from "./verbs/ls.ts";
import { merge } from "./verbs/merge.ts";
import { publish } from "./verbs/publish.ts";
import { pull } from "./verbs/pull.ts";
import { push } from "./verbs/push.ts";
import { read } from "./verbs/read.ts";
import { remote } from "./verbs/remote.ts";
import { rename } from "./verbs/rename.ts";
import { rev } from "./verbs/rev.ts";
import { revert } from "./verbs/revert.ts";
import { serve } from "./verbs/serve.ts";
import { show } from "./verbs/show.ts";
import { sql } from "./verbs/sql.ts";
import { status } from "./verbs/status.ts";
import { trim } from "./verbs/trim.ts";
import { verify } from "./verbs/verify.ts";
import { version } from "./verbs/version.ts";
import { write } from "./verbs/write.ts";

/** All verbs, in the order in which help lists them. */
export const commands: readonly Command[] = [
  create,
  write,
  read,
  sql,
  ls,
  len,
  info,
  describe,
  status,
  rev,
  show,
  diff,
  revert,
  rename,
  deleteCommand,
  importCommand,
  exportCommand,
  push,
  pull,
  remote,
  merge,
  publish,
  serve,
  verify,
  defrag,
  trim,
  gc,
  help,
  completion,
  version,
  complete,
];
