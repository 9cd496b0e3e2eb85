// Loaded into every test file's process before the file itself. Node counts a file that calls
// process.exit(0) halfway as passed; here it is a failure until the file's tests have finished.
import process from 'node:process';

if (process.env.NODE_TEST_CONTEXT) {
  const { after } = await import('node:test');
  const leave = process.reallyExit.bind(process);
  const { stdout, stderr } = process;
  const write = stderr.write.bind(stderr);
  let finished = false;

  process.reallyExit = (code) => {
    if (finished) leave(code);
    write('The test process called exit before its tests had finished.\n');
    leave(70);
  };

  // Node reports what is thrown outside of a test as a bare failure of the file.
  process.on('uncaughtExceptionMonitor', (error) => write(`${error?.stack ?? error}\n`));

  after(() => {
    finished = true;
    // A hook that ends the process for want of a better way may do so, once the results are out.
    process.exit = (code) => {
      if (code !== undefined) process.exitCode = code;
      const flush = () => (stdout.writableLength ? setTimeout(flush, 5) : leave(process.exitCode ?? 0));
      setTimeout(flush, 50);
    };
  });
}
