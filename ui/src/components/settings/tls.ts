/** What the settings say of the listener's certificate. */

/** A command that sends to the listener and trusts the certificate in the file `path`, for a POSIX shell. */
export function trustCommand(path: string, url: string): string {
  const word = /^[\w./:-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
  return `curl --cacert ${word} -d test ${url}`;
}
